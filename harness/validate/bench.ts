/**
 * How fast the validation is and how much memory it takes: `node dist/harness/validate/bench.js [COPIES…]`. The recordings
 * are played one behind the other, each time with devices and a time of its own, as one endless recording without a
 * gap; rates are of processor time, because other work on the machine is nobody's business here.
 */
import { kernelRules } from '../../properties/kernel/rules/index.js';
import { KernelTextParser } from '../../traces/ftrace/text.js';
import { loadRecordings } from './recordings.js';
import { KernelValidator } from './validator.js';

/** The lines of all recordings, copy `n`: devices of its own, later than the copy before. */
function copy(lines: readonly string[], n: number): Buffer {
  const moved = lines.map(line =>
    line
      .replace(
        / dev (\d+)([:,])(\d+)/,
        (_all, major, comma, minor) => ` dev ${major}${comma}${Number(minor) + n * 100}`,
      )
      .replace(/ bdev (\d+):(\d+)/, (_all, major, minor) => ` bdev ${major}:${Number(minor) + n * 100}`)
      .replace(/ (\d+)\.(\d{6}): /, (_all, seconds, rest) => ` ${Number(seconds) + n * 10_000}.${rest}: `),
  );
  return Buffer.from(`${moved.join('\n')}\n`, 'latin1');
}

function run(lines: readonly string[], copies: number): void {
  const validator = new KernelValidator(kernelRules);
  const parser = new KernelTextParser(validator);
  let spent = 0;
  let most = 0;
  for (let n = 0; n < copies; n++) {
    const bytes = copy(lines, n);
    const before = process.cpuUsage();
    for (let at = 0; at < bytes.length; at += 1 << 18) parser.push(bytes.subarray(at, at + (1 << 18)));
    const { user, system } = process.cpuUsage(before);
    spent += user + system;
    most = Math.max(most, process.memoryUsage().rss);
  }
  parser.end();
  validator.end();
  const rate = Math.round((validator.events / spent) * 1e6);
  process.stdout.write(
    `${copies} copies: ${validator.events} events, ${rate} events/s, ${Math.round(most / 1e6)} MB at most, ${validator.findings.length} findings\n`,
  );
}

const recordings = loadRecordings();
// One recording behind the other in order of time: a snapshot is.
const lines = [...recordings]
  .sort((a, b) => a.places[0]!.event.time - b.places[0]!.event.time)
  .flatMap(({ places }, index) =>
    places.map(({ text }) =>
      text
        .replace(/ dev (\d+)([:,])(\d+)/, ` dev $1$2${100 + index}`)
        .replace(/ bdev (\d+):(\d+)/, ` bdev $1:${100 + index}`),
    ),
  );
const counts = process.argv.slice(2).map(Number);
for (const copies of counts.length > 0 ? counts : [20, 200, 600]) run(lines, copies);
