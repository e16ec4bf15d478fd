/**
 * INV-08 validated means current: from a successful freshness check until the folio is unlocked, the current map agrees
 * with the record in type, address and sharing, block by block (MAP-50 … MAP-54, LK-23).
 */
import { type Bytes, Cached, CowFork, Ev, type Finding } from '../../model/contract/index.js';
import { disagreement } from './engine/agreement.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import type { IterationTrack } from './engine/iterations.js';
import { describeRecord } from './engine/record-faults.js';

export const inv08: CheckDefinition = {
  id: 'INV-08',
  checks:
    'when a mapping was found fresh, and again when bytes are stored under it, each of its blocks there is as the record says',
  exercised: 'a freshness check that succeeded, or a store under a mapping',
  silent:
    'HOLE under ZERO is always valid (MAP-54); until the store a delayed block may have become unwritten or real, an unwritten one written, and completion may do its work on a folio that was under writeback at the check, or on a copy that a direct request was writing (LK-23)',
  hears: ['validated', 'dirty'],
  make(world) {
    const compare = (track: IterationTrack, from: Bytes, to: Bytes, drift: boolean): Finding | null => {
      const { blockSize } = world.geometry;
      const first = Math.floor(Math.max(from, track.start) / blockSize);
      const last = Math.ceil(Math.min(to, track.start + track.effective) / blockSize);
      if (last <= first) return null;
      check.exercised++;
      const table = world.peek(track.file, first, last - first);
      for (let i = 0; i < last - first; i++) {
        const start = (first + i) * blockSize;
        if (drift && track.completing.overlaps(start, start + blockSize)) continue;
        const direct = table.cow[i] !== CowFork.none && world.requests.overlaps(track.file, start, start + blockSize);
        if (!drift && (direct || (table.cache[i]! & Cached.writeback) !== 0))
          track.completing.add(start, start + blockSize);
        const fault = disagreement(track, table, i, blockSize, drift);
        if (fault === '') continue;
        const block = first + i;
        const use = drift ? 'is stored to' : 'was found fresh';
        return world.finding(
          'INV-08',
          track.file,
          block * blockSize,
          blockSize,
          `block ${block} ${use} as ${describeRecord(track.iomap)}, but ${fault} (MAP-52)`,
        );
      }
      return null;
    };
    const check: PropertyCheck = {
      id: 'INV-08',
      exercised: 0,
      event(kind, _file, offset, length, c) {
        if (c !== 0) return null;
        const track = world.storing;
        return track === null ? null : compare(track, offset, offset + length, kind === Ev.dirty);
      },
    };
    return check;
  },
};
