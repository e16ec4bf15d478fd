/**
 * PC-70…72, DIO section 3: zeroing through the cache goes piece by piece from the position of the mapping to its end, in
 * a ZERO iteration, over blocks that hold data: not over unwritten ones.
 */
import { MAP_TYPE_NAMES, MapType } from '../../../model/contract/mapping.js';
import { OpFlag } from '../../../model/contract/op-flags.js';
import type { KernelRule } from '../rule.js';
import { describe, hex } from '../text.js';

export const zero: KernelRule = {
  id: 'K-ZERO',
  sentence: 'Zeroing advances piece by piece through a mapping of a ZERO operation.',
  sources: ['PC-70', 'PC-71', 'PC-72', 'PC-77', 'INV-33'],
  exercised: 'a piece was zeroed',
  lines: 2,
  watch(world, judge) {
    return {
      zeroPiece(event) {
        const top = world.task.open.at(-1);
        if (top?.holds !== true || top.first.ino !== event.ino || top.first.dev !== event.dev) {
          return world.early(event)
            ? judge.undecided()
            : judge.broken(event, `task ${event.task} holds no mapping of this file`, ...(top?.recent ?? []));
        }
        const refuse = (why: string): undefined => judge.broken(event, why, ...top.recent);
        if ((top.first.flags & OpFlag.ZERO) === 0) return refuse(`${describe(top.first)} zeroes nothing`);
        if (event.offset !== top.zeroed) return refuse(`zeroing has come to ${hex(top.zeroed)}`);
        if (event.length <= 0 || event.offset + event.length > top.end)
          return refuse(`${hex(event.length)} bytes, and the mapping ends at ${hex(top.end)}`);
        const type = top.from?.type;
        if (type === MapType.UNWRITTEN && event.name !== '') {
          // Linux 6.13…6.18 zero the dirty start of a range without looking at the type (PC-77).
          if (top.pos !== top.first.pos) return refuse(`${MAP_TYPE_NAMES[type]} blocks are zero already`);
        }
        return judge.held();
      },
      iter(event) {
        const { step } = world;
        if (step?.is !== 'next' || (event.flags & OpFlag.ZERO) === 0 || step.advanced <= 0) return;
        const { iteration } = step;
        const type = iteration.from?.type;
        // Holes and unwritten blocks are zero already and skipped, unless the start of the range was dirty (PC-77).
        const skipped = type === MapType.HOLE || type === MapType.UNWRITTEN;
        if (skipped && iteration.zeroed === iteration.pos) return;
        if (event.pos === iteration.zeroed) judge.held();
        else judge.broken(event, `zeroing came to ${hex(iteration.zeroed)}`, ...iteration.recent);
      },
    };
  },
};
