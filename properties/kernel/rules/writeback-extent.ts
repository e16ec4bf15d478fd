/**
 * FS-X1, WB-12, WB-13: what XFS says when writeback looks for blocks is the mapping that the next piece is written to: the
 * extent it had, or the delayed extent that it just allocated.
 */

import type { KernelEvent, XfsExtentEvent } from '../../../model/contract/kernel-event.js';
import { MAP_TYPE_NAMES, MapFlag, MapType } from '../../../model/contract/mapping.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';
import { MOST_DEVICES } from '../world.js';
import { BlockLayout, isDelayed, isHole } from '../xfs-blocks.js';

export const writebackExtent: KernelRule = {
  id: 'K-WB-EXTENT',
  sentence: 'Writeback writes a piece to the extent that XFS found or allocated for it.',
  sources: ['WB-12', 'WB-13', 'WB-16', 'FS-X1'],
  exercised: 'a piece followed a lookup',
  lines: 2,
  watch(world, judge) {
    const said = new Map<number, XfsExtentEvent>();
    const layouts = new Map<string, BlockLayout>();
    /** A lookup that succeeds is followed by its piece, before its task does anything else of writeback. */
    const owed = (event: KernelEvent): void => {
      const before = said.get(event.task);
      if (before === undefined) return;
      said.delete(event.task);
      judge.broken(event, `no piece followed the lookup at ${hex(before.pos)}`, before);
    };
    return {
      xfsExtent(event) {
        if (!event.name.startsWith('xfs_map_blocks_')) return;
        owed(event);
        if (said.size > 1 << 12) said.clear();
        said.set(event.task, event);
        const { taken } = world.task;
        if (taken === null || taken.ino !== event.ino || taken.dev !== event.dev) {
          if (!world.early(event)) judge.broken(event, `task ${event.task} has taken no folio of this file`, taken);
        } else if (event.pos < taken.offset || event.pos >= taken.offset + taken.length) {
          judge.broken(event, `${hex(event.pos)} lies outside the folio`, taken);
        } else if (isHole(event.startBlock)) judge.undecided();
        else if (event.name === 'xfs_map_blocks_alloc' && event.fork === 'data' && !isDelayed(event.startBlock)) {
          judge.broken(event, 'allocated, where blocks were there already');
        }
      },
      writebackFolio(event) {
        owed(event);
      },
      piece(event) {
        const before = said.get(event.task);
        const { device } = world;
        const block = device.blockSize;
        if (before === undefined || before.ino !== event.ino || before.dev !== event.dev) return;
        said.delete(event.task);
        if (block === 0) return judge.undecided();
        const refuse = (why: string): undefined => judge.broken(event, why, before);
        if (before.pos !== event.pos) return refuse(`the lookup was for ${hex(before.pos)}`);
        if ((before.fork === 'cow') !== ((event.flags & MapFlag.SHARED) !== 0))
          return refuse(`SHARED does not agree with the ${before.fork} fork`);
        const start = before.startOffset * block;
        const end = start + before.blocks * block;
        if (before.name === 'xfs_map_blocks_alloc') {
          // The allocator may give a part of the delayed extent, and join what it gives to a neighbour.
          return event.offset <= event.pos ? judge.held() : refuse('the new extent does not begin before the piece');
        }
        if (event.offset !== start || event.offset + event.length !== end)
          return refuse(`the extent is [${hex(start)}, ${hex(end)})`);
        if (isHole(before.startBlock) !== (event.type === MapType.HOLE))
          return refuse(
            `${MAP_TYPE_NAMES[event.type]}, where XFS has ${isHole(before.startBlock) ? 'none' : `block ${hex(before.startBlock)}`}`,
          );
        if (isHole(before.startBlock) || isDelayed(before.startBlock)) return judge.held();
        let layout = layouts.get(event.dev);
        if (layout === undefined) {
          if (layouts.size >= MOST_DEVICES) layouts.clear();
          layouts.set(event.dev, (layout = new BlockLayout(block)));
        }
        if (event.bdev === event.dev && !layout.agrees(before.startBlock, event.addr))
          return refuse(`address ${hex(event.addr)} is not where block ${hex(before.startBlock)} lies`);
        return judge.held();
      },
    };
  },
};
