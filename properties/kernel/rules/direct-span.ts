/**
 * MAP-30, MAP-31: OVERWRITE_ONLY gets written blocks that span the request, or unwritten ones that it fills exactly, and
 * never new ones. On XFS a direct write with NOWAIT gets one mapping for all of it.
 */
import { MAP_TYPE_NAMES, MapFlag, MapType } from '../../../model/contract/mapping.js';
import { OpFlag } from '../../../model/contract/op-flags.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';

export const directSpan: KernelRule = {
  id: 'K-DIO-SPAN',
  sentence: 'A write that may not allocate or wait gets one mapping that spans it.',
  sources: ['MAP-30', 'MAP-31', 'DIO-31', 'INV-18'],
  exercised: 'a direct write with OVERWRITE_ONLY or NOWAIT got a mapping',
  lines: 2,
  watch(world, judge) {
    return {
      dstmap(event) {
        const top = world.task.open.at(-1);
        const flags = top?.first.flags ?? 0;
        const only = (flags & OpFlag.OVERWRITE_ONLY) !== 0;
        const nowait = (flags & OpFlag.NOWAIT) !== 0 && world.device.fs === 'xfs';
        if (top === undefined || (flags & (OpFlag.DIRECT | OpFlag.WRITE)) !== (OpFlag.DIRECT | OpFlag.WRITE)) return;
        if (!only && !nowait) return;
        if ((event.flags & MapFlag.NEW) !== 0)
          return judge.broken(event, 'NEW, where nothing may be allocated', top.first);
        if (only && event.type !== MapType.MAPPED && event.type !== MapType.UNWRITTEN) {
          return judge.broken(event, `${MAP_TYPE_NAMES[event.type]}, where only an overwrite is allowed`, top.first);
        }
        const length = world.task.direct?.begin.length ?? top.remaining;
        if (Number.isNaN(length)) return judge.undecided();
        const end = top.first.pos + length;
        if (event.offset + event.length < end) {
          return judge.broken(
            event,
            `ends at ${hex(event.offset + event.length)}, the request at ${hex(end)}`,
            top.first,
          );
        }
        const block = world.device.blockSize;
        if (
          only &&
          event.type === MapType.UNWRITTEN &&
          block !== 0 &&
          (top.first.pos % block !== 0 || length % block !== 0)
        ) {
          return judge.broken(event, 'unwritten blocks, of which the request fills a part', top.first);
        }
        return judge.held();
      },
    };
  },
};
