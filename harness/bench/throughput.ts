/**
 * How fast the sequential campaign is, against the plainest thing one could do with the same lengths: a pwrite, a pread
 * and a compare on tmpfs. Both are measured turn about in processor time, because the machine drifts and is shared, and
 * only ratios taken in one run mean anything. The mix is that of fsx (`FSX_MIX`), nothing is injected. The last lines are
 * of the default mix: the concurrent part (three tasks, nothing injected), and what all injections cost, crashes left out,
 * with one task and with three, and the mix with and without what came with sharing and direct I/O.
 * `node dist/harness/bench/throughput.js`; `--part 'three tasks'` runs only the lines whose name has these words in it, and
 * `node --cpu-prof` writes the profile.
 */
import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { OperationName } from '../../model/contract/index.js';
import { FSX_MIX } from '../../properties/generate/index.js';
import { type LaneResult, LaneRunner } from '../campaign/lane.js';
import { PARTS, TASK_PARTS } from '../campaign/parts.js';
import { type CampaignShape, makeSequence } from '../campaign/sequence.js';
import { NOTABLES } from '../campaign/tally.js';
import { targetFactory } from '../targets/index.js';
import { median } from './statistics.js';

const ROUNDS = 7;
const OPERATIONS = { tiny: 100_000, '4096': 20_000 } as const;

/** Violations do not end a measurement, but they are told. */
const FINDINGS = 1000;

const onward = { shouldStop: () => false };

function shapeOf(part: string): CampaignShape {
  return {
    seed: 'bench',
    fs: 'xfs',
    inject: [],
    parts: PARTS.filter(candidate => candidate.name === part),
    mix: FSX_MIX,
    without: [],
    known: [],
    strategy: null,
  };
}

/** Ranges further out are left out: the plain loop has memory for what it writes, not for offsets near the largest size. */
const FAR = 2 ** 31;

/** Offsets and lengths of the calls a lane makes, so that the loop moves the same bytes. */
function lengthsOf(shape: CampaignShape, count: number): { offset: number; length: number }[] {
  const list: { offset: number; length: number }[] = [];
  for (let number = 0; list.length < count; number++)
    for (const call of makeSequence(shape, 0, number).calls)
      if (call.task !== 0 && call.length > 0 && call.offset + call.length < FAR)
        list.push({ offset: call.offset, length: call.length });
  return list;
}

/** Seconds of this process, all its threads, kernel included. */
function seconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Pairs of pwrite and pread a second, compared. */
function plainLoop(ranges: readonly { offset: number; length: number }[]): number {
  const directory = mkdtempSync(join('/dev/shm', 'iomap-check-bench-'));
  const fd = openSync(join(directory, 'file'), 'w+');
  const longest = Math.max(...ranges.map(range => range.length));
  const written = Buffer.alloc(longest, 1);
  const read = Buffer.alloc(longest);
  const started = seconds();
  for (const { offset, length } of ranges) {
    written[0] = (written[0]! + 1) & 0xff;
    writeSync(fd, written, 0, length, offset);
    readSync(fd, read, 0, length, offset);
    if (written.compare(read, 0, length, 0, length) !== 0) throw new Error('tmpfs returned other bytes');
  }
  const taken = seconds() - started;
  ftruncateSync(fd, 0);
  closeSync(fd);
  rmSync(directory, { recursive: true });
  return ranges.length / taken;
}

function campaign(runner: LaneRunner, shape: CampaignShape, operations: number): { rate: number; result: LaneResult } {
  const started = seconds();
  const result = runner.run(shape, 0, operations, FINDINGS, onward);
  return { rate: result.operations / (seconds() - started), result };
}

/** A number as a table shows it. */
function rounded(rate: number): string {
  return Math.round(rate).toLocaleString('en');
}

function withoutEffect(result: LaneResult): number {
  return result.notables[NOTABLES.indexOf('no-effect')]! / result.operations;
}

const only = process.argv.indexOf('--part');

function wanted(what: string): boolean {
  return only < 0 || what.includes(process.argv[only + 1] ?? '');
}

const factory = await targetFactory('impl', 'xfs');
for (const [part, operations] of Object.entries(OPERATIONS)) {
  if (!wanted(`${part}, mix of fsx`)) continue;
  const shape = shapeOf(part);
  const ranges = lengthsOf(shape, Math.min(operations, 50_000));
  const mean = ranges.reduce((sum, range) => sum + range.length, 0) / ranges.length;
  const runner = new LaneRunner(factory);
  // Until most code is optimized.
  const { result } = campaign(runner, shape, operations);
  const ours: number[] = [];
  const plain: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    plain.push(plainLoop(ranges));
    ours.push(campaign(runner, shape, operations).rate);
  }
  const blocks = (mean / shape.parts[0]!.geometry.blockSize).toFixed(1);
  console.log(
    `${part}, mix of fsx: ${rounded(median(ours))} operations/s; plain loop ${rounded(median(plain))} pairs/s; ratio ${(median(ours) / median(plain)).toFixed(2)}; mean length ${blocks} blocks; ${(100 * withoutEffect(result)).toFixed(1)} % without effect; ${result.findings.length} violations`,
  );
}

const { mix: _, ...usual } = shapeOf('tiny');
const injected: CampaignShape = { ...usual, inject: ['race', 'stale', 'error', 'reclaim'] };
const threeTasks = TASK_PARTS.filter(({ name }) => name === 'tiny, 3 tasks');
/** What came with sharing and direct I/O. */
const LATER: readonly OperationName[] = ['reflink', 'dedupe', 'copy', 'unshare', 'dread', 'dwrite'];
const lines = [
  { what: 'tiny, three tasks, default mix', shape: { ...usual, parts: threeTasks } },
  {
    what: 'tiny, three tasks, default mix with race, stale, error and reclaim',
    shape: { ...injected, parts: threeTasks },
  },
  { what: 'tiny, default mix with race, stale, error and reclaim', shape: injected },
  { what: 'tiny, default mix', shape: usual },
  { what: 'tiny, default mix without sharing and direct I/O', shape: { ...usual, without: LATER } },
]
  .filter(({ what }) => wanted(what))
  .map(line => ({ ...line, runner: new LaneRunner(factory), rates: [] as number[], violations: 0 }));
for (const { runner, shape } of lines) campaign(runner, shape, OPERATIONS.tiny);
for (let round = 0; round < ROUNDS; round++)
  for (const line of lines) {
    const { rate, result } = campaign(line.runner, line.shape, OPERATIONS.tiny / 2);
    line.rates.push(rate);
    line.violations = result.findings.length;
  }
for (const { what, rates, violations } of lines)
  console.log(`${what}: ${rounded(median(rates))} operations/s; ${violations} violations`);
