/** INV-18 clean refusal: a request refused with -EAGAIN changed nothing (MAP-30, MAP-31, R-20). */
import { type Call, CallFlag, EAGAIN } from '../../model/contract/index.js';
import { changedByRefusal } from './engine/changes.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

const REFUSABLE = CallFlag.NOWAIT | CallFlag.OVERWRITE_ONLY;

export const inv18: CheckDefinition = {
  id: 'INV-18',
  checks:
    'after -EAGAIN under NOWAIT or OVERWRITE_ONLY the map, sizes and D bits are as before, and nothing was written directly',
  exercised: 'a call that returned -EAGAIN and during which nothing else happened',
  silent:
    'preallocation behind the end and copy-on-write space may stay (INV-16); clean folios do not count; a buffer that ends inside a block asks OVERWRITE_ONLY for a second mapping after the first part was submitted (DIO-31)',
  hears: ['dio-submit'],
  make(world) {
    let submitted = 0;
    /** The buffer ends there, so a second mapping is asked for in the middle of a block. */
    const endsInsideBlock = ({ offset, length, accessible, flags }: Call): boolean => {
      const { blockSize, sectorSize } = world.geometry;
      return (
        (flags & CallFlag.OVERWRITE_ONLY) !== 0 &&
        accessible >= 0 &&
        accessible < length &&
        (offset + accessible - (accessible % sectorSize)) % blockSize !== 0
      );
    };
    const check: PropertyCheck = {
      id: 'INV-18',
      exercised: 0,
      reset() {
        submitted = 0;
      },
      called() {
        if (world.calls.open.length === 1) submitted = 0;
      },
      event() {
        submitted++;
        return null;
      },
      returned(call, answer) {
        if (answer.error !== EAGAIN || (call.flags & REFUSABLE) === 0) return null;
        const entry = world.calls.returning!;
        if (entry.overlapped || entry.faults !== world.calls.faults || !entry.current) return null;
        if (submitted > 0 && call.name === 'dwrite' && !endsInsideBlock(call))
          return world.finding(
            'INV-18',
            call.file,
            call.offset,
            call.length,
            `${call.name} was refused with -EAGAIN after it had submitted I/O (DIO-31)`,
          );
        if (!world.calls.alone(entry)) return null;
        check.exercised++;
        const file = world.file(call.file);
        if (file.looks === entry.looks) return null;
        const sized = file.isize !== file.lastIsize || file.dsize !== file.lastDsize;
        const change = sized ? 'its size' : changedByRefusal(file, Math.ceil(file.isize / world.geometry.blockSize));
        if (change === '') return null;
        return world.finding(
          'INV-18',
          call.file,
          call.offset,
          call.length,
          `${call.name} was refused with -EAGAIN, but changed ${change}`,
        );
      },
    };
    return check;
  },
};
