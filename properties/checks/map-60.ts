/** MAP-60: both records are zeroed before every begin, a repeated one included. */
import { type Iomap, IterStep, MapType, NULL_ADDR } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { describeRecord } from './engine/record-faults.js';

function isZero(map: Iomap): boolean {
  return (
    map.type === MapType.HOLE &&
    map.length === 0 &&
    map.offset === 0 &&
    map.flags === 0 &&
    map.addr === NULL_ADDR &&
    map.inlineData === null
  );
}

export const map60: CheckDefinition = {
  id: 'MAP-60',
  checks: 'both records are zero when begin is called',
  exercised: 'a begin',
  steps: [IterStep.beginning],
  make(world) {
    const check: PropertyCheck = {
      id: 'MAP-60',
      exercised: 0,

      iteration(_step, record) {
        check.exercised++;
        if (isZero(record.iomap) && isZero(record.srcmap)) return null;
        const left = isZero(record.iomap) ? record.srcmap : record.iomap;
        return world.finding(
          'MAP-60',
          record.file,
          record.pos,
          record.length,
          `begin at ${record.pos} is called with ${describeRecord(left)} left in its record`,
        );
      },
    };
    return check;
  },
};
