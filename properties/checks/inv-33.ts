/** INV-33 zero result: after a zeroing iteration that succeeded, its bytes below the end are zero (PC-70 … 72). */
import { type Bytes, Cached, CowFork, Fork, IterStep, OpFlag } from '../../model/contract/index.js';
import { firstNonZero } from './engine/compare.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

/** Blocks looked at at each end of a long range. */
const WINDOW = 128;

export const inv33: CheckDefinition = {
  id: 'INV-33',
  checks:
    'after zeroing succeeded, what the cache holds of the range below the end is zero, and so is the device where nothing is cached',
  exercised: 'a zeroing iteration that ended without error',
  silent:
    'where another call was in progress: a view may have stored to the range meanwhile; locked folios; clean blocks over holes in a folio whose view could store behind the end (R-7); after an injected failure, when zeroes may be lost again (PC-95)',
  steps: [IterStep.finished],
  make(world) {
    const wrong = (file: number, from: Bytes, to: Bytes): Bytes => {
      const { blockSize } = world.geometry;
      const first = Math.floor(from / blockSize);
      const count = Math.ceil(to / blockSize) - first;
      const { memory } = world.view.file(file);
      const table = world.peek(file, first, count);
      for (let i = 0; i < count; i++) {
        const start = (first + i) * blockSize;
        const low = Math.max(from, start);
        const length = Math.min(to, start + blockSize) - low;
        const cache = table.cache[i]!;
        if ((cache & Cached.locked) !== 0 || length <= 0) continue;
        // A store behind the end shows when the file grows; over a hole nothing zeroes it until it is dirty.
        const idle = table.data[i] === Fork.hole && table.cow[i] === CowFork.none && (cache & Cached.dirty) === 0;
        if (idle && world.file(file).scribbled.overlaps(start, start + blockSize)) continue;
        let at = -1;
        let source = memory;
        if ((cache & Cached.uptodate) !== 0) at = table.memoryAt[i]!;
        else if (table.data[i] === Fork.written && table.cow[i] === CowFork.none && world.device !== null) {
          source = world.device.contents;
          at = table.dataBlock[i]! * blockSize;
        }
        if (at < 0) continue;
        const found = firstNonZero(source, at + (low - start), length);
        if (found >= 0) return start + (found - at);
      }
      return -1;
    };
    const check: PropertyCheck = {
      id: 'INV-33',
      exercised: 0,
      iteration(_step, record) {
        if (record.error !== 0) return null;
        if ((record.flags & OpFlag.ZERO) === 0 || (record.flags & OpFlag.DAX) !== 0 || world.calls.open.length > 1)
          return null;
        const entry = world.calls.ofTask(record.task);
        if (entry !== null && (entry.overlapped || entry.faults !== world.calls.faults)) return null;
        check.exercised++;
        const { origin, reached } = world.iterations.at;
        const end = Math.min(reached, world.view.file(record.file).isize);
        if (end <= origin) return null;
        const reach = WINDOW * world.geometry.blockSize;
        let offset = wrong(record.file, origin, Math.min(end, origin + reach));
        if (offset < 0 && end > origin + reach) offset = wrong(record.file, Math.max(origin, end - reach), end);
        if (offset < 0) return null;
        return world.finding(
          'INV-33',
          record.file,
          offset,
          1,
          `byte ${offset} is not zero after [${origin}, ${reached}) was zeroed (PC-70)`,
        );
      },
    };
    return check;
  },
};
