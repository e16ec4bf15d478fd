/**
 * INV-03, MAP-06, MAP-07: no address exactly for HOLE and DELALLOC. INLINE's address means nothing; with ANON_WRITE the
 * block is chosen later; a seek may be shown delayed copy-on-write space as UNWRITTEN without address (SEEK-06).
 */
import type { MappingEvent, PieceEvent } from '../../../model/contract/kernel-event.js';
import { MAP_TYPE_NAMES, MapFlag, MapType } from '../../../model/contract/mapping.js';
import { OpFlag } from '../../../model/contract/op-flags.js';
import { NULL_ADDR } from '../../../model/contract/units.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';

export const address: KernelRule = {
  id: 'K-ADDRESS',
  sentence: 'A mapping has an address if and only if it is MAPPED or UNWRITTEN.',
  sources: ['MAP-06', 'MAP-07', 'INV-03', 'SEEK-06'],
  exercised: 'a mapping other than INLINE was given',
  lines: 1,
  watch(world, judge) {
    const check = (event: MappingEvent | PieceEvent): undefined => {
      const { type, addr, flags } = event;
      if (type === MapType.INLINE || (flags & MapFlag.ANON_WRITE) !== 0) return judge.undecided();
      const none = addr === NULL_ADDR;
      if (none === (type === MapType.HOLE || type === MapType.DELALLOC)) return judge.held();
      const asked = world.task.open.at(-1)?.first.flags ?? 0;
      if (none && type === MapType.UNWRITTEN && (flags & MapFlag.SHARED) !== 0 && (asked & OpFlag.REPORT) !== 0) {
        return judge.held();
      }
      return judge.broken(
        event,
        `${MAP_TYPE_NAMES[type] ?? type} with ${none ? 'no address' : `the address ${hex(addr)}`}`,
      );
    };
    return { dstmap: check, srcmap: check, piece: check };
  },
};
