/**
 * MAP-01, INV-01: a mapping covers the position it was asked for, and so does a source mapping.
 */
import type { MappingEvent } from '../../../model/contract/kernel-event.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';

export const cover: KernelRule = {
  id: 'K-COVER',
  sentence: 'A mapping, and its source, cover the position that was asked for.',
  sources: ['MAP-01', 'INV-01'],
  exercised: 'a mapping was given',
  lines: 2,
  watch(world, judge) {
    const check = (event: MappingEvent): undefined => {
      const top = world.task.open.at(-1);
      if (top === undefined) return judge.undecided();
      const { pos } = top;
      if (event.offset <= pos && pos < event.offset + event.length) return judge.held();
      // Infinity stands for any position beyond 2^53.
      if (!Number.isFinite(pos) || !Number.isFinite(event.offset)) return judge.undecided();
      return judge.broken(
        event,
        `[${hex(event.offset)}, ${hex(event.offset + event.length)}) does not cover ${hex(pos)}`,
        ...top.recent.slice(-1),
      );
    };
    return { dstmap: check, srcmap: check };
  },
};
