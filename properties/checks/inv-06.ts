/** INV-06 bounded re-begin: begin is repeated at one position only after a STALE, and after each STALE (MAP-61, 62, 66). */
import { IterStep } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv06: CheckDefinition = {
  id: 'INV-06',
  checks:
    'begins at the same position are separated by a STALE, a STALE with bytes left is followed by a begin, and begins are bounded',
  exercised: 'a begin after the first of its iteration',
  steps: [IterStep.beginning, IterStep.finished],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-06',
      exercised: 0,
      iteration(step, record) {
        const track = world.iterations.at;
        if (step === IterStep.beginning) {
          if (track.begins > 0) {
            check.exercised++;
            const repeated = record.pos === track.start && !track.stale;
            if (repeated || track.begins + 1 > track.progressed + track.stales + 1)
              return world.finding(
                'INV-06',
                record.file,
                record.pos,
                record.length,
                `begin number ${track.begins + 1} at ${record.pos} after ${track.progressed} with progress and ${track.stales} STALE`,
              );
          }
          return null;
        }
        if (record.error !== 0 || !track.stale || record.length <= 0) return null;
        return world.finding(
          'INV-06',
          record.file,
          record.pos,
          record.length,
          `iteration stopped at ${record.pos} with ${record.length} bytes left though its mapping was STALE (MAP-61)`,
        );
      },
    };
    return check;
  },
};
