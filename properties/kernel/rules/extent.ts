/**
 * What XFS says about the extent it found or made is what it returns as mapping, in the same begin (MAP-50: fields are
 * sampled in one critical section; MAP-20: NEW if and only if this call made it; filesystems.md 1.1).
 */
import type { MappingEvent, XfsExtentEvent } from '../../../model/contract/kernel-event.js';
import { MAP_TYPE_NAMES, MapFlag, MapType } from '../../../model/contract/mapping.js';
import { OpFlag } from '../../../model/contract/op-flags.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';
import { MOST_DEVICES } from '../world.js';
import { BlockLayout, isDelayed, isHole } from '../xfs-blocks.js';

export const extent: KernelRule = {
  id: 'K-EXTENT',
  sentence: 'The extent that XFS found or allocated is the mapping that its begin returns.',
  sources: ['MAP-20', 'MAP-50', 'FS-X1'],
  exercised: 'XFS named the extent of a mapping',
  lines: 2,
  watch(world, judge) {
    const layouts = new Map<string, BlockLayout>();
    const compare = (said: XfsExtentEvent, event: MappingEvent, block: number): string | null => {
      const { startBlock } = said;
      if (said.startOffset * block !== event.offset && Number.isFinite(event.offset))
        return `offset ${hex(event.offset)}, extent at ${hex(said.startOffset * block)}`;
      if (said.blocks * block !== event.length && Number.isFinite(event.length)) {
        return `length ${hex(event.length)}, extent of ${hex(said.blocks * block)}`;
      }
      const type = isHole(startBlock) ? MapType.HOLE : isDelayed(startBlock) ? MapType.DELALLOC : -1;
      if (type >= 0 ? event.type !== type : event.type === MapType.HOLE || event.type === MapType.DELALLOC) {
        return `${MAP_TYPE_NAMES[event.type]}, where XFS has ${type < 0 ? `block ${hex(startBlock)}` : MAP_TYPE_NAMES[type as MapType]}`;
      }
      if (type < 0 && event.bdev === event.dev && Number.isFinite(event.addr)) {
        let layout = layouts.get(event.dev);
        if (layout === undefined) {
          if (layouts.size >= MOST_DEVICES) layouts.clear();
          layouts.set(event.dev, (layout = new BlockLayout(block)));
        }
        if (!layout.agrees(startBlock, event.addr))
          return `address ${hex(event.addr)} is not where block ${hex(startBlock)} lies`;
      }
      return null;
    };
    return {
      xfsExtent(event) {
        const top = world.task.open.at(-1);
        if (!event.name.startsWith('xfs_iomap_')) return;
        if (top === undefined || top.holds || top.first.ino !== event.ino) {
          if (!world.early(event))
            judge.broken(event, `no begin is under way in task ${event.task}`, ...(top?.recent ?? []));
        } else if (event.pos !== top.pos && Number.isFinite(top.pos)) {
          judge.broken(event, `asked at ${hex(top.pos)}, answered at ${hex(event.pos)}`, top.first);
        }
      },
      dstmap(event) {
        const said = world.task.extent;
        const { device } = world;
        if (said === null || !said.name.startsWith('xfs_iomap_') || said.ino !== event.ino || said.dev !== event.dev)
          return;
        const made = said.name === 'xfs_iomap_alloc';
        const isNew = (event.flags & MapFlag.NEW) !== 0;
        const asked = world.task.open.at(-1)?.first.flags ?? 0;
        // Zeroing converts a delayed extent behind the end of the file; XFS names it as it was, and returns what it
        // became, which is as old as the reservation and may be joined to a neighbour.
        const isConverted =
          made && !isNew && (asked & OpFlag.ZERO) !== 0 && said.fork === 'data' && isDelayed(said.startBlock);
        if (isConverted && event.type === MapType.UNWRITTEN) return judge.held();
        const dax = (asked & OpFlag.DAX) !== 0;
        if (made !== isNew && !dax) {
          return judge.broken(
            event,
            made
              ? 'XFS allocated the extent, and the mapping is not NEW'
              : 'XFS found the extent, and the mapping is NEW',
            said,
          );
        }
        if (said.fork === 'cow' && (event.flags & MapFlag.SHARED) === 0) {
          return judge.broken(event, 'from the copy-on-write fork, and not SHARED', said);
        }
        device.vote(said.startOffset, said.blocks, event);
        const judgeIt = (): undefined => {
          const wrong = compare(said, event, device.blockSize);
          if (wrong === null) judge.held();
          else judge.broken(event, wrong, said);
        };
        if (!device.withBlockSize(judgeIt)) judge.undecided();
      },
    };
  },
};
