/** INV-09 pure readers: reading, seeking and reporting change no map, reservation, size or D bit (MAP-11, RP-01). */
import { Is } from './engine/call-kinds.js';
import { changedBeyondCache } from './engine/changes.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv09: CheckDefinition = {
  id: 'INV-09',
  checks:
    'after a read, seek, fiemap or stat the map, D bits, sizes and free space of the file are what they were before',
  exercised: 'a reading call during which nothing else happened',
  silent: 'when the call wrote dirty folios back first (DIO-03, FM-01), or anything else went on meanwhile',
  make(world) {
    let free = 0;
    let reserved = 0;
    const check: PropertyCheck = {
      id: 'INV-09',
      exercised: 0,
      called() {
        if (world.calls.open.length !== 1) return;
        const space = world.view.space();
        free = space.free;
        reserved = space.reserved;
      },
      returned(call) {
        const entry = world.calls.returning!;
        if ((entry.kinds & Is.reading) === 0 || !entry.current || !world.calls.alone(entry)) return null;
        check.exercised++;
        const space = world.view.space();
        if (space.free !== free || space.reserved !== reserved)
          return world.finding(
            'INV-09',
            call.file,
            call.offset,
            call.length,
            `${call.name} changed free space from ${free} to ${space.free} and reserved from ${reserved} to ${space.reserved} blocks (MAP-11)`,
          );
        const file = world.file(call.file);
        if (file.looks === entry.looks) return null;
        const change =
          file.isize !== file.lastIsize || file.dsize !== file.lastDsize ? 'its size' : changedBeyondCache(file);
        if (change === '') return null;
        return world.finding('INV-09', call.file, call.offset, call.length, `${call.name} changed ${change} (MAP-11)`);
      },
    };
    return check;
  },
};
