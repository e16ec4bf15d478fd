/**
 * How fast the campaign is: `node dist/harness/bench/throughput.js`; `--part 'three tasks'` measures only the lines (lines.ts)
 * whose name has these words in it. Lines are measured turn about, because the machine drifts and is shared, and only what is
 * measured in one run is worth comparing; each in a process of its own. For a profile, `node --cpu-prof` with
 * `line-child.js`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Round } from './line-child.js';
import { LINES, type Line } from './lines.js';
import { rangesOf } from './plain-loop.js';
import { median } from './statistics.js';

const ROUNDS = 9;
/** Rounds until most code is optimized. */
const WARM_UP = 5;

async function measure(child: ChildProcess): Promise<Round> {
  child.send('round');
  const [round] = (await once(child, 'message')) as [Round];
  return round;
}

/** A number as a table shows it. */
function rounded(rate: number): string {
  return Math.round(rate).toLocaleString('en');
}

/** Mean length of the calls of a line, in blocks. */
function meanLength({ shape, operations }: Line): number {
  const ranges = rangesOf(shape, operations);
  return ranges.reduce((sum, range) => sum + range.length, 0) / ranges.length / shape.parts[0]!.geometry.blockSize;
}

function report(line: Line, rounds: readonly Round[]): string {
  const thread = median(rounds.map(({ operations, seconds }) => operations / seconds.thread));
  const all = median(rounds.map(({ operations, seconds }) => operations / seconds.all));
  const { operations, withoutEffect, violations } = rounds[0]!;
  const plain = median(rounds.map(round => round.plain));
  return [
    `${line.what}: ${rounded(thread)} operations/s of its thread, ${rounded(all)} of all threads`,
    ...(line.plain
      ? [
          `plain loop ${rounded(plain)} pairs/s, ratio ${(thread / plain).toFixed(2)}`,
          `mean length ${meanLength(line).toFixed(1)} blocks`,
        ]
      : []),
    `${((100 * withoutEffect) / operations).toFixed(1)} % without effect`,
    `${violations} violations`,
  ].join('; ');
}

const only = process.argv.indexOf('--part');
const words = only < 0 ? '' : (process.argv[only + 1] ?? '');
const program = new URL('line-child.js', import.meta.url);
const measured = LINES.flatMap((line, place) =>
  line.what.includes(words) ? [{ line, child: fork(program, [String(place)]), rounds: [] as Round[] }] : [],
);
if (measured.length === 0) {
  console.error(`--part ${words}: expected words of one of\n${LINES.map(({ what }) => `  ${what}`).join('\n')}`);
  process.exitCode = 2;
}
for (let round = -WARM_UP; round < ROUNDS; round++)
  for (const { child, rounds } of measured) {
    const result = await measure(child);
    if (round >= 0) rounds.push(result);
  }
for (const { line, child, rounds } of measured) {
  child.kill();
  console.log(report(line, rounds));
}
