/**
 * A file's data lies on one device (XFS: data or realtime device, fixed while it has extents; ext4: one). EROFS and btrfs
 * may spread a file over several.
 */
import type { MappingEvent, PieceEvent } from '../../../model/contract/kernel-event.js';
import { MapType } from '../../../model/contract/mapping.js';
import type { KernelRule } from '../rule.js';

export const device: KernelRule = {
  id: 'K-DEVICE',
  sentence: 'All mappings of a file name the same device (XFS, ext4).',
  sources: ['MAP-07'],
  exercised: 'a file got a further mapping',
  lines: 2,
  watch(world, judge) {
    const known = new Map<string, MappingEvent | PieceEvent>();
    const check = (event: MappingEvent | PieceEvent): undefined => {
      const { fs } = world.device;
      // What lies inside the inode lies on no device; ext4 names none.
      if ((fs !== 'xfs' && fs !== 'ext4') || event.type === MapType.INLINE) return judge.undecided();
      const key = `${event.dev} ${event.ino}`;
      const before = known.get(key);
      if (before === undefined) {
        if (known.size > 1 << 14) known.clear();
        known.set(key, event);
        // Realtime and external devices apart, data lies where the file system lies; the first mapping cannot tell which.
        return judge.undecided();
      }
      if (before.bdev === event.bdev) return judge.held();
      return judge.broken(event, `device ${event.bdev}, before ${before.bdev}`, before);
    };
    return { dstmap: check, srcmap: check, piece: check };
  },
};
