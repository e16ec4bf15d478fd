/** MAP-36: an operation asked for zero bytes does not reach begin. */
import { IterStep } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const map36: CheckDefinition = {
  id: 'MAP-36',
  checks: 'begin is asked for at least one byte',
  exercised: 'a begin',
  steps: [IterStep.beginning],
  make(world) {
    const check: PropertyCheck = {
      id: 'MAP-36',
      exercised: 0,

      iteration(_step, record) {
        check.exercised++;
        if (record.length > 0) return null;
        return world.finding(
          'MAP-36',
          record.file,
          record.pos,
          record.length,
          `begin at ${record.pos} is asked for ${record.length} bytes`,
        );
      },
    };
    return check;
  },
};
