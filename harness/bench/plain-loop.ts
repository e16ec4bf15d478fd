/** The plainest thing one could do with the lengths of a campaign: a pwrite, a pread and a compare on tmpfs. */
import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type CampaignShape, makeSequence } from '../campaign/sequence.js';
import { taken } from './clock.js';

export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** Ranges further out are left out: the loop has memory for what it writes, not for offsets near the largest size. */
const FAR = 2 ** 31;

/** Offsets and lengths of the calls a lane makes, so that the loop moves the same bytes. */
export function rangesOf(shape: CampaignShape, count: number): Range[] {
  const list: Range[] = [];
  for (let number = 0; list.length < count; number++)
    for (const call of makeSequence(shape, 0, number).calls)
      if (call.task !== 0 && call.length > 0 && call.offset >= 0 && call.offset + call.length < FAR)
        list.push({ offset: call.offset, length: call.length });
  return list;
}

/** Pairs of pwrite and pread a second, compared. */
export function plainLoop(ranges: readonly Range[]): number {
  const directory = mkdtempSync(join('/dev/shm', 'iomap-check-bench-'));
  const fd = openSync(join(directory, 'file'), 'w+');
  const longest = Math.max(...ranges.map(range => range.length));
  const written = Buffer.alloc(longest, 1);
  const read = Buffer.alloc(longest);
  const { thread } = taken(() => {
    for (const { offset, length } of ranges) {
      written[0] = (written[0]! + 1) & 0xff;
      writeSync(fd, written, 0, length, offset);
      readSync(fd, read, 0, length, offset);
      if (written.compare(read, 0, length, 0, length) !== 0) throw new Error('tmpfs returned other bytes');
    }
  });
  ftruncateSync(fd, 0);
  closeSync(fd);
  rmSync(directory, { recursive: true });
  return ranges.length / thread;
}
