/**
 * What ext4's extent tree answered is the mapping that its begin returns (MAP-50; FS 2): same file block, same device
 * block, and no longer than the tree said. A mapping from the cache of extents leaves no event and is not judged.
 */
import type { Ext4BlocksEvent, MappingEvent } from '../../../model/contract/kernel-event.js';
import { MapType } from '../../../model/contract/mapping.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';

export const ext4Extent: KernelRule = {
  id: 'K-EXT4-EXTENT',
  sentence: 'The blocks that ext4 found or allocated are the mapping that its begin returns.',
  sources: ['MAP-50', 'INV-01', 'FS-F1'],
  exercised: 'ext4 looked up the blocks of a mapping',
  lines: 2,
  watch(world, judge) {
    const compare = (said: Ext4BlocksEvent, event: MappingEvent, block: number): string | null => {
      if (said.fileBlock * block !== event.offset)
        return `offset ${hex(event.offset)}, blocks at ${hex(said.fileBlock * block)}`;
      if (said.block <= 0) return null;
      if (event.type !== MapType.MAPPED && event.type !== MapType.UNWRITTEN)
        return `no storage, where ext4 has block ${said.block}`;
      if (event.addr !== said.block * block) return `address ${hex(event.addr)}, blocks at ${hex(said.block * block)}`;
      if (event.length > said.blocks * block)
        return `length ${hex(event.length)}, blocks of ${hex(said.blocks * block)}`;
      return null;
    };
    return {
      dstmap(event) {
        const said = world.task.blocks;
        const { device } = world;
        if (said === null || said.ino !== event.ino || said.dev !== event.dev || device.fs !== 'ext4') return;
        if (said.block > 0) device.vote(said.fileBlock, said.blocks, event);
        const judgeIt = (): void => {
          const wrong = compare(said, event, device.blockSize);
          if (wrong === null) judge.held();
          else judge.broken(event, wrong, said);
        };
        if (!device.withBlockSize(judgeIt)) judge.undecided();
      },
    };
  },
};
