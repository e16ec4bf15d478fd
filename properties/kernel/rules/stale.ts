/**
 * Freshness (MAP-50…53, INV-06): what XFS reports as invalid is the very mapping in hand, its cookie differs from the
 * present sequence, and nothing was served from it afterwards: the next step only moves on.
 */
import { MapFlag } from '../../../model/contract/mapping.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';

const LIBRARY = MapFlag.STALE | MapFlag.SIZE_CHANGED;

export const stale: KernelRule = {
  id: 'K-STALE',
  sentence: 'The mapping found stale is the one in hand, and its cookie differs from the inode\u2019s.',
  sources: ['MAP-50', 'MAP-51', 'MAP-52', 'MAP-53', 'INV-06', 'WB-12'],
  exercised: 'a mapping was found stale',
  lines: 2,
  watch(world, judge) {
    return {
      xfsInvalid(event) {
        const top = world.task.open.at(-1);
        const mapping = top?.mapping ?? null;
        // Two joined counters may lie beyond 2^53.
        if (event.cookie === event.sequence && Number.isFinite(event.cookie)) {
          return judge.broken(
            event,
            `cookie and sequence are both ${hex(event.cookie)}: the mapping is fresh`,
            mapping,
          );
        }
        if (event.name !== 'xfs_iomap_invalid') return judge.held();
        if (top === undefined || mapping === null) {
          return world.early(event) ? judge.undecided() : judge.broken(event, `task ${event.task} holds no mapping`);
        }
        if (top.invalid !== null)
          return judge.broken(event, 'the mapping in hand was found stale already', ...top.recent);
        const same =
          mapping.ino === event.ino &&
          mapping.offset === event.offset &&
          mapping.length === event.length &&
          mapping.addr === event.addr &&
          mapping.type === event.type &&
          (mapping.flags | LIBRARY) === (event.flags | LIBRARY);
        if (!same) return judge.broken(event, 'this is not the mapping in hand', ...top.recent);
        return judge.held();
      },
    };
  },
};
