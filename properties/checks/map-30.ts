/** MAP-30: under NOWAIT the one mapping of a direct write spans the whole request. */
import { IterStep, MAP_TYPE_NAMES, MapType, OpFlag } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const map30: CheckDefinition = {
  id: 'MAP-30',
  checks:
    'a mapping for a direct write under NOWAIT or OVERWRITE_ONLY covers all that was asked for, and the latter is written, or unwritten and whole blocks (MAP-31)',
  exercised: 'a begin for a direct write under NOWAIT or OVERWRITE_ONLY that returned 0',
  steps: [IterStep.begun],
  make(world) {
    const check: PropertyCheck = {
      id: 'MAP-30',
      exercised: 0,

      iteration(_step, record) {
        const wanted = OpFlag.DIRECT | OpFlag.WRITE;
        if ((record.flags & wanted) !== wanted) return null;
        if ((record.flags & (OpFlag.NOWAIT | OpFlag.OVERWRITE_ONLY)) === 0) return null;
        check.exercised++;
        const { blockSize } = world.geometry;
        const { iomap, start, asked, flags } = record;
        let fault = '';
        if (iomap.end < start + asked) fault = `of [${start}, ${start + asked}) only up to ${iomap.end}`;
        else if ((flags & OpFlag.OVERWRITE_ONLY) !== 0) {
          const whole = start % blockSize === 0 && asked % blockSize === 0;
          if (iomap.type !== MapType.MAPPED && !(iomap.type === MapType.UNWRITTEN && whole))
            fault = `as ${MAP_TYPE_NAMES[iomap.type]} for a pure overwrite (MAP-31)`;
        }
        return fault === '' ? null : world.finding('MAP-30', record.file, start, asked, `begin mapped ${fault}`);
      },
    };
    return check;
  },
};
