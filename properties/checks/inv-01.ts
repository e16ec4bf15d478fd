/** INV-01 cover: what begin returns covers the position, has a length and is whole blocks (MAP-01 … MAP-04). */
import { IterStep, MapType } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { coverFault, describeRecord } from './engine/record-faults.js';

export const inv01: CheckDefinition = {
  id: 'INV-01',
  checks: 'each record that begin returned covers the position asked for, has a length and is whole blocks',
  exercised: 'a begin that returned 0',
  silent:
    'replies that were broken on purpose (INV-58); INLINE records need not be whole blocks (MAP-03); a source record of type HOLE means that there is none',
  steps: [IterStep.begun],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-01',
      exercised: 0,
      iteration(_step, record) {
        if (world.iterations.at.planted) return null;
        check.exercised++;
        const { blockSize } = world.geometry;
        for (const map of [record.iomap, record.srcmap]) {
          if (map === record.srcmap && map.type === MapType.HOLE) continue;
          const fault =
            map === record.iomap ? world.iterations.at.coverFault : coverFault(map, record.start, blockSize);
          if (fault === '') continue;
          const which = map === record.iomap ? 'mapping' : 'source mapping';
          return world.finding(
            'INV-01',
            record.file,
            record.start,
            record.asked,
            `begin at ${record.start} returned a ${which} ${describeRecord(map)}, which ${fault}`,
          );
        }
        return null;
      },
    };
    return check;
  },
};
