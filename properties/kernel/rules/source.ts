/**
 * A source mapping beside the destination (mapping.md section 2, MAP-23, filesystems.md 1.1): given right after the
 * destination, to a writer or zeroer, whose destination is SHARED; it says where bytes are, so it is no HOLE, and it is
 * another place than the destination.
 */
import { MAP_TYPE_NAMES, MapFlag, MapType } from '../../../model/contract/mapping.js';
import { OpFlag } from '../../../model/contract/op-flags.js';
import type { KernelRule } from '../rule.js';
import { describe, hex } from '../text.js';

export const source: KernelRule = {
  id: 'K-SOURCE',
  sentence: 'A source mapping follows a SHARED destination of a write or zero, and lies somewhere else.',
  sources: ['MAP-01', 'MAP-23', 'MAP-34', 'FS-X1'],
  exercised: 'a source mapping was given',
  lines: 2,
  watch(world, judge) {
    return {
      iter() {
        const { step, maps } = world;
        if (step?.is !== 'next') return;
        const { mapping, source: from, first, pos } = step.iteration;
        if (mapping === null || from !== null || (mapping.flags & MapFlag.SHARED) === 0 || world.device.fs !== 'xfs')
          return;
        if ((first.flags & (OpFlag.WRITE | OpFlag.ZERO)) === 0) return;
        const file = maps.of(mapping.dev, mapping.ino);
        const there = file.data.at(pos)?.value;
        if (there === undefined || there.either || file.isRacy(mapping.line, pos, pos + 1)) return judge.undecided();
        if (there.type !== MapType.MAPPED && there.type !== MapType.UNWRITTEN) return judge.held();
        return judge.broken(
          mapping,
          `${MAP_TYPE_NAMES[there.type]} blocks lie under it, and no source was given`,
          there.since,
        );
      },
      srcmap(event) {
        const top = world.task.open.at(-1);
        const to = top?.mapping ?? null;
        if (top === undefined || to === null || top.source !== null || to.ino !== event.ino || to.dev !== event.dev) {
          return world.early(event)
            ? judge.undecided()
            : judge.broken(event, 'no destination mapping was given before it', ...(top?.recent ?? []));
        }
        const refuse = (why: string): undefined => judge.broken(event, why, ...top.recent.slice(-2));
        if (event.line !== to.line + 1 && top.recent.at(-1) !== to)
          return refuse('something came between it and its destination');
        if ((top.first.flags & (OpFlag.WRITE | OpFlag.ZERO)) === 0) return refuse(`for ${describe(top.first)}`);
        if ((to.flags & MapFlag.SHARED) === 0) return refuse('the destination is not SHARED');
        if ((event.flags & MapFlag.SHARED) !== 0)
          return refuse('the source itself is marked as the target of a copy-on-write');
        if ((event.flags & MapFlag.NEW) !== 0) return refuse('what was there before cannot be NEW');
        if (event.type === MapType.HOLE || event.type === MapType.INLINE)
          return refuse(`${MAP_TYPE_NAMES[event.type]} is no source`);
        const apart = event.addr === -1 || to.addr === -1 || event.addr - event.offset !== to.addr - to.offset;
        if (!apart) return refuse(`source and destination are the same blocks, ${hex(event.addr)}`);
        return judge.held();
      },
    };
  },
};
