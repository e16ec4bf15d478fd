/** INV-03 type/address agreement: HOLE and DELALLOC have no address, storage has one; DELALLOC is for the cache only. */
import { IterStep, MapType, OpFlag } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { typeFault } from './engine/record-faults.js';

export const inv03: CheckDefinition = {
  id: 'INV-03',
  checks: 'type and address of each returned record agree, and no direct transfer was done on DELALLOC',
  exercised: 'a begin that returned 0',
  silent:
    'replies that were broken on purpose (INV-58); INLINE with any address, ANON_WRITE, and UNWRITTEN+SHARED for SEEK (MAP-06, MAP-07)',
  steps: [IterStep.begun, IterStep.ending],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-03',
      exercised: 0,
      iteration(step, record) {
        if (step === IterStep.begun) {
          if (world.iterations.at.planted) return null;
          check.exercised++;
          const fault = world.iterations.at.typeFault || typeFault(record.srcmap, record.flags);
          if (fault === '') return null;
          return world.finding(
            'INV-03',
            record.file,
            record.start,
            record.asked,
            `what begin at ${record.start} returned ${fault}`,
          );
        }
        if (step !== IterStep.ending || (record.flags & (OpFlag.DIRECT | OpFlag.DAX)) === 0) return null;
        if (record.iomap.type !== MapType.DELALLOC || record.written === 0) return null;
        return world.finding(
          'INV-03',
          record.file,
          record.start,
          record.written,
          `${record.written} bytes at ${record.start} were transferred directly on a DELALLOC mapping (MAP-09)`,
        );
      },
    };
    return check;
  },
};
