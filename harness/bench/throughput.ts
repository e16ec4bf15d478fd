/**
 * How fast the sequential campaign is, against the plainest thing one could do with the same lengths: a pwrite, a pread
 * and a compare on tmpfs. Both are measured turn about, because the machine drifts and only ratios taken in one run mean
 * anything. `npm run bench:throughput`; add `--cpu-prof` to node for the profile.
 */
import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type LaneResult, LaneRunner } from '../campaign/lane.js';
import { PARTS } from '../campaign/parts.js';
import { type CampaignShape, makeSequence } from '../campaign/sequence.js';
import { targetFactory } from '../targets/index.js';
import { median } from './statistics.js';

const ROUNDS = 7;
const OPERATIONS = { tiny: 100_000, '4096': 20_000 } as const;

const onward = { shouldStop: () => false };

function shapeOf(part: string): CampaignShape {
  return {
    seed: 'bench',
    fs: 'xfs',
    inject: [],
    parts: PARTS.filter(candidate => candidate.name === part),
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

/** Pairs of pwrite and pread a second, compared. */
function plainLoop(ranges: readonly { offset: number; length: number }[]): number {
  const directory = mkdtempSync(join('/dev/shm', 'iomap-check-bench-'));
  const fd = openSync(join(directory, 'file'), 'w+');
  const longest = Math.max(...ranges.map(range => range.length));
  const written = Buffer.alloc(longest, 1);
  const read = Buffer.alloc(longest);
  const started = performance.now();
  for (const { offset, length } of ranges) {
    written[0] = (written[0]! + 1) & 0xff;
    writeSync(fd, written, 0, length, offset);
    readSync(fd, read, 0, length, offset);
    if (written.compare(read, 0, length, 0, length) !== 0) throw new Error('tmpfs returned other bytes');
  }
  const seconds = (performance.now() - started) / 1000;
  ftruncateSync(fd, 0);
  closeSync(fd);
  rmSync(directory, { recursive: true });
  return ranges.length / seconds;
}

function campaign(runner: LaneRunner, shape: CampaignShape, operations: number): { rate: number; result: LaneResult } {
  const started = performance.now();
  const result = runner.run(shape, 0, operations, 1, onward);
  const found = result.findings[0];
  if (found !== undefined) throw new Error(`the bench found a violation: ${found.finding.id} ${found.finding.message}`);
  return { rate: result.operations / ((performance.now() - started) / 1000), result };
}

const factory = await targetFactory('impl', 'xfs');
for (const [part, operations] of Object.entries(OPERATIONS)) {
  const shape = shapeOf(part);
  const ranges = lengthsOf(shape, Math.min(operations, 50_000));
  const mean = ranges.reduce((sum, range) => sum + range.length, 0) / ranges.length;
  const runner = new LaneRunner(factory);
  campaign(runner, shape, operations / 4);
  const ours: number[] = [];
  const plain: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    plain.push(plainLoop(ranges));
    ours.push(campaign(runner, shape, operations).rate);
  }
  const blockSize = shape.parts[0]!.geometry.blockSize;
  console.log(
    `${part.padEnd(6)} ${Math.round(median(ours)).toLocaleString('en')} operations/s; plain loop ${Math.round(median(plain)).toLocaleString('en')} pairs/s; ratio ${(median(ours) / median(plain)).toFixed(2)}; mean length ${(mean / blockSize).toFixed(1)} blocks`,
  );
}
