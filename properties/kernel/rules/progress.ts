/**
 * Honest progress (INV-05, MAP-41, MAP-42, MAP-63, MAP-65). Between two steps of an iteration the position moves forward
 * inside the mapping, and the length printed is exactly what is left of the mapping and of the operation.
 */
import type { KernelRule } from '../rule.js';
import { bytes, hex } from '../text.js';

export const progress: KernelRule = {
  id: 'K-PROGRESS',
  sentence:
    'A step of an iteration moves forward within its mapping, and what is left is the rest of mapping and request.',
  sources: ['MAP-41', 'MAP-42', 'MAP-63', 'INV-05'],
  exercised: 'a mapping was ended',
  lines: 2,
  watch(world, judge) {
    return {
      iter(event) {
        const { step } = world;
        if (step?.is !== 'next') return;
        const { iteration, advanced } = step;
        const { end, remaining } = iteration;
        const broken = (message: string): undefined => judge.broken(event, message, ...iteration.recent);
        if (advanced < 0) return broken(`the position went back from ${hex(iteration.pos)} to ${hex(event.pos)}`);
        if (event.pos > end)
          return broken(`the position ${hex(event.pos)} lies behind the mapping, which ends at ${hex(end)}`);
        if (advanced > remaining) return broken(`${bytes(advanced)} of progress where ${bytes(remaining)} were left`);
        // Beyond 2^53 nothing can be counted.
        if (!Number.isFinite(event.pos) || !Number.isFinite(end)) return judge.undecided();
        const rest = end - event.pos;
        const known = Number.isNaN(remaining) ? rest : Math.min(rest, remaining - advanced);
        const exact = !Number.isNaN(remaining);
        if (exact ? event.length !== known : event.length > known) {
          return broken(
            `${bytes(event.length)} are left by this event, ${exact ? '' : 'at most '}${bytes(known)} by mapping and request`,
          );
        }
        return judge.held();
      },
    };
  },
};
