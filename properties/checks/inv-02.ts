/** INV-02 no hole for a writer: a write is never given a HOLE, and nothing is stored under one (MAP-05, MAP-10, MAP-34). */
import { IterStep, MapType, OpFlag } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv02: CheckDefinition = {
  id: 'INV-02',
  checks: 'no begin for a write returned HOLE, and no byte was stored through the cache under a HOLE mapping',
  exercised: 'a begin that returned 0 for a write, or a store under a mapping',
  silent: 'WRITE with UNSHARE may get HOLE and skips it (MAP-34)',
  steps: [IterStep.begun],
  hears: ['dirty'],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-02',
      exercised: 0,
      iteration(_step, record) {
        if ((record.flags & OpFlag.WRITE) === 0 || (record.flags & OpFlag.UNSHARE) !== 0) return null;
        check.exercised++;
        if (record.iomap.type !== MapType.HOLE) return null;
        return world.finding(
          'INV-02',
          record.file,
          record.start,
          record.asked,
          `begin for a write of [${record.start}, ${record.start + record.asked}) returned HOLE (MAP-05)`,
        );
      },
      event(_kind, file, offset, length, byFault) {
        if (byFault !== 0) return null;
        const track = world.storing;
        if (track === null) return null;
        check.exercised++;
        if (track.iomap.type !== MapType.HOLE) return null;
        return world.finding(
          'INV-02',
          file,
          offset,
          length,
          `bytes [${offset}, ${offset + length}) were stored under a HOLE mapping (MAP-10)`,
        );
      },
    };
    return check;
  },
};
