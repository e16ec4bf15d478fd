/** MAP-24: a HOLE is never SHARED. */
import { IterStep, MapFlag, MapType } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const map24: CheckDefinition = {
  id: 'MAP-24',
  checks: 'no returned HOLE is SHARED',
  exercised: 'a begin that returned a HOLE',
  steps: [IterStep.begun],
  make(world) {
    const check: PropertyCheck = {
      id: 'MAP-24',
      exercised: 0,

      iteration(_step, record) {
        if (record.iomap.type !== MapType.HOLE) return null;
        check.exercised++;
        if ((record.iomap.flags & MapFlag.SHARED) === 0) return null;
        return world.finding(
          'MAP-24',
          record.file,
          record.start,
          record.asked,
          `begin at ${record.start} returned a SHARED HOLE`,
        );
      },
    };
    return check;
  },
};
