/**
 * Which type an operation may be given (INV-02, MAP-05, MAP-09, MAP-33, DIO section 3, filesystems.md 1.1). A read, a
 * report and a zero may meet anything. XFS has no inline data.
 */
import type { MappingEvent } from '../../../model/contract/kernel-event.js';
import { MAP_TYPE_NAMES, MapFlag, MapType } from '../../../model/contract/mapping.js';
import { OpFlag } from '../../../model/contract/op-flags.js';
import type { KernelRule } from '../rule.js';
import { describe } from '../text.js';

const { WRITE, UNSHARE, DIRECT, DAX, REPORT } = OpFlag;
const { HOLE, DELALLOC, INLINE, UNWRITTEN } = MapType;

export const types: KernelRule = {
  id: 'K-TYPE',
  sentence: 'A writer never gets a HOLE, and direct I/O neither writes to delayed space nor to a HOLE.',
  sources: ['MAP-05', 'MAP-09', 'MAP-33', 'DIO-24', 'INV-02'],
  exercised: 'a mapping was given',
  lines: 2,
  watch(world, judge) {
    const check = (event: MappingEvent): undefined => {
      const top = world.task.open.at(-1);
      if (top === undefined) return judge.undecided();
      const { flags } = top.first;
      const { type } = event;
      const refuse = (): undefined =>
        judge.broken(event, `${MAP_TYPE_NAMES[type] ?? type} for ${describe(top.first)}`, top.first);
      if (type > INLINE) return refuse();
      if (type === INLINE && world.device.fs === 'xfs' && (flags & REPORT) === 0) return refuse();
      if ((flags & WRITE) === 0) return judge.held();
      if (type === HOLE && (flags & UNSHARE) === 0) return refuse();
      if ((flags & DIRECT) !== 0 && (type === DELALLOC || type === HOLE)) return refuse();
      if ((flags & DIRECT) !== 0 && type === INLINE && world.device.fs === 'xfs') return refuse();
      if ((flags & DAX) !== 0 && type === UNWRITTEN && (event.flags & MapFlag.SHARED) === 0) return refuse();
      return judge.held();
    };
    return { dstmap: check };
  },
};
