/**
 * INV-06, MAP-61, MAP-62: without progress there is no further begin, unless the mapping was found stale. The text shows
 * staleness only where XFS's own events are recorded; a ZERO may flush and ask again once without a sign.
 */
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';

export const repeated: KernelRule = {
  id: 'K-REPEAT',
  sentence: 'A begin is repeated at the same position only after the mapping was found stale.',
  sources: ['MAP-61', 'MAP-62', 'INV-06'],
  exercised: 'an iteration made no progress with a mapping',
  lines: 3,
  watch(world, judge) {
    return {
      dstmap(event) {
        const last = world.task.ended;
        if (world.task.open.length > 0 || last === null || last.first.ino !== event.ino) return;
        const end = last.recent.at(-1);
        if (end?.kind !== 'iter' || end.pos !== last.pos || end.length === 0) return;
        if (world.device.fs === 'xfs' && !world.device.showsBegin) return judge.undecided();
        judge.broken(
          event,
          `asked again at ${hex(end.pos)} though nothing was done and nothing was stale`,
          ...last.recent,
        );
      },
      iter() {
        const { step } = world;
        if (step?.is === 'next' && step.advanced === 0) judge.held();
      },
    };
  },
};
