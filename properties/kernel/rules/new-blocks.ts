/**
 * MAP-20: NEW only over what was not there before. On XFS that is a hole; ext4 says NEW of long-existing unwritten blocks
 * too, which does no harm. Over written blocks it would have live data zeroed.
 */
import { MAP_TYPE_NAMES, MapFlag, MapType } from '../../../model/contract/mapping.js';
import { isMapKnown } from '../file-maps.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';

export const newBlocks: KernelRule = {
  id: 'K-NEW',
  sentence: 'NEW is said only of blocks that were not there before.',
  sources: ['MAP-20', 'MAP-21', 'MAP-45'],
  exercised: 'a mapping was NEW where the file was known',
  lines: 2,
  watch(world, judge) {
    return {
      dstmap(event) {
        if ((event.flags & MapFlag.NEW) === 0 || (event.flags & MapFlag.SHARED) !== 0) return;
        const { device, maps, task } = world;
        const asked = task.open.at(-1)?.recent.at(-1)?.line ?? 0;
        const file = maps.of(event.dev, event.ino);
        if (!isMapKnown(device) || file.changing.size > 0 || file.settling.length > 0 || file.changed > asked)
          return judge.undecided();
        const known = file.data.overlapping(event.offset, event.offset + event.length);
        if (known.length === 0) return;
        for (const { start, value } of known) {
          if (value.type === MapType.HOLE || value.type === MapType.DELALLOC) continue;
          if (value.type === MapType.UNWRITTEN && device.fs !== 'xfs') continue;
          return judge.broken(
            event,
            `${MAP_TYPE_NAMES[value.type]} from ${hex(Math.max(start, event.offset))} on before`,
            value.since,
          );
        }
        return judge.held();
      },
    };
  },
};
