/** MAP-13: a record returned by begin has the library's own flags clear. */
import { IterStep, MapFlag, mapFlagNames } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

const LIBRARY_FLAGS = MapFlag.STALE | MapFlag.SIZE_CHANGED;

export const map13: CheckDefinition = {
  id: 'MAP-13',
  checks: 'begin returned its record with STALE and SIZE_CHANGED clear',
  exercised: 'a begin that returned 0',
  steps: [IterStep.begun],
  make(world) {
    const check: PropertyCheck = {
      id: 'MAP-13',
      exercised: 0,

      iteration(_step, record) {
        check.exercised++;
        if ((record.iomap.flags & LIBRARY_FLAGS) === 0) return null;
        const names = mapFlagNames(record.iomap.flags & LIBRARY_FLAGS).join(', ');
        return world.finding(
          'MAP-13',
          record.file,
          record.start,
          record.asked,
          `begin at ${record.start} returned a record with ${names}`,
        );
      },
    };
    return check;
  },
};
