/** INV-16 no leaked reservation: what a begin reserved and nobody dirtied is given back by its end (MAP-44, PC-46, PC-50). */
import { Cached, CowFork, Fork, IterStep, MapFlag } from '../../model/contract/index.js';
import { cleanupFrom, cleanupTo, isBeingCopied, owesCleanup } from './engine/cleanup-duty.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv16: CheckDefinition = {
  id: 'INV-16',
  checks:
    'after the end of a mapping that reserved more than was used, no block of the unused part is delayed and clean',
  exercised: 'an end with less progress than its newly reserved mapping served',
  silent:
    'write faults keep theirs (MAP-45); what was reserved behind the request or around it stays (INV-13); locked folios; what is being written out of place',
  steps: [IterStep.ended],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-16',
      exercised: 0,
      iteration(_step, record) {
        const track = world.iterations.at;
        if (record.error !== 0 || !owesCleanup(track)) return null;
        check.exercised++;
        const { blockSize } = world.geometry;
        const first = cleanupFrom(track, blockSize) / blockSize;
        const count = cleanupTo(track, blockSize) / blockSize - first;
        if (count <= 0) return null;
        const cow = (track.iomap.flags & MapFlag.SHARED) !== 0;
        const table = world.peek(track.file, first, count);
        for (let i = 0; i < count; i++) {
          const delayed = cow ? table.cow[i] === CowFork.delay : table.data[i] === Fork.delay;
          if (!delayed || (table.cache[i]! & (Cached.dirty | Cached.locked)) !== 0) continue;
          if (!cow && isBeingCopied(table, i)) continue;
          const block = first + i;
          return world.finding(
            'INV-16',
            track.file,
            block * blockSize,
            blockSize,
            `block ${block} stays reserved${cow ? ' in the copy-on-write fork' : ''} after a ${track.written === 0 ? 'failed' : 'short'} operation of which ${track.written} bytes at ${track.start} were done (MAP-44)`,
          );
        }
        return null;
      },
    };
    return check;
  },
};
