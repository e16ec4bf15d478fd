/**
 * Which flags a mapping may carry: the library's own are clear when begin returns (MAP-13), readers and reports make
 * nothing new (MAP-11), flags of reports stay in reports, a hole is not shared (MAP-24) and has nothing new in it.
 */
import type { MappingEvent, PieceEvent } from '../../../model/contract/kernel-event.js';
import { MapFlag, MapType, mapFlagNames } from '../../../model/contract/mapping.js';
import { OpFlag } from '../../../model/contract/op-flags.js';
import type { KernelRule } from '../rule.js';
import { describe } from '../text.js';

const { NEW, SHARED, MERGED, XATTR, ANON_WRITE, ATOMIC_BIO, SIZE_CHANGED, STALE } = MapFlag;

export const mappingFlags: KernelRule = {
  id: 'K-FLAGS',
  sentence: 'A mapping carries only flags that its type and the operation allow.',
  sources: ['MAP-11', 'MAP-13', 'MAP-20', 'MAP-24', 'MAP-26', 'MAP-27'],
  exercised: 'a mapping was given',
  lines: 1,
  watch(world, judge) {
    const check = (event: MappingEvent | PieceEvent): undefined => {
      const refuse = (flag: number, why: string): undefined =>
        judge.broken(event, `${mapFlagNames(flag).join('|')} ${why}`, world.task.open.at(-1)?.first);
      const { flags, type } = event;
      if ((flags & (STALE | SIZE_CHANGED)) !== 0 && event.kind !== 'piece') {
        return refuse(flags & (STALE | SIZE_CHANGED), 'is the library\u2019s to set, after begin');
      }
      if (type === MapType.HOLE && (flags & (NEW | SHARED)) !== 0) return refuse(flags & (NEW | SHARED), 'on a HOLE');
      if (event.kind === 'piece') {
        return (flags & NEW) !== 0 && world.device.fs === 'xfs' ? refuse(NEW, 'in writeback') : judge.held();
      }
      const asked = world.task.open.at(-1)?.first;
      if (asked === undefined) return judge.undecided();
      const writes = (asked.flags & (OpFlag.WRITE | OpFlag.ZERO)) !== 0;
      if (!writes && (flags & NEW) !== 0) return refuse(NEW, `for ${describe(asked)}, which must change nothing`);
      if ((flags & (ANON_WRITE | ATOMIC_BIO)) !== 0 && (asked.flags & OpFlag.WRITE) === 0) {
        return refuse(flags & (ANON_WRITE | ATOMIC_BIO), `for ${describe(asked)}`);
      }
      const report = (asked.flags & OpFlag.REPORT) !== 0;
      if (!report && (flags & XATTR) !== 0) return refuse(XATTR, `for ${describe(asked)}`);
      // ext4 marks block-mapped files so under every operation.
      if (!report && (flags & MERGED) !== 0 && world.device.fs !== 'ext4')
        return refuse(MERGED, `for ${describe(asked)}`);
      if ((flags & SHARED) !== 0 && (world.device.fs === 'ext4' || world.device.fs === 'erofs')) {
        return refuse(SHARED, `on ${world.device.fs}, which shares nothing`);
      }
      if ((flags & SHARED) !== 0 && !writes && !report && world.device.fs === 'xfs') {
        return refuse(SHARED, `for ${describe(asked)}: reads do not look for sharing`);
      }
      return judge.held();
    };
    return { dstmap: check, srcmap: check, piece: check };
  },
};
