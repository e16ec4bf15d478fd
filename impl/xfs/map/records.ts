/** How an extent becomes a mapping record (xfs_bmbt_to_iomap): MAP-01 … MAP-07, MAP-22, MAP-50. */
import {
  type Bytes,
  type DeviceBlock,
  type FileBlock,
  Fork,
  type Iomap,
  MapFlag,
  MapType,
  NULL_ADDR,
} from '../../../model/contract/index.js';
import type { ExtentFork } from '../../extents/fork.js';
import type { XfsInode } from '../inode.js';

/** Record types by extent state. Copy-on-write extents use the same numbers: delay, real, busy. */
const TYPE_OF: readonly MapType[] = [MapType.HOLE, MapType.DELALLOC, MapType.UNWRITTEN, MapType.MAPPED];

/** Blocks [first, end) in one state, from device block `block` (−1: none). */
export function describeBlocks(
  inode: XfsInode,
  map: Iomap,
  first: FileBlock,
  end: FileBlock,
  state: number,
  block: DeviceBlock,
  flags: number,
): void {
  const { blockSize } = inode.fs;
  map.offset = first * blockSize;
  map.length = (end - first) * blockSize;
  map.type = TYPE_OF[state]!;
  map.addr = block < 0 ? NULL_ADDR : block * blockSize;
  map.flags = inode.pinned ? flags | MapFlag.DIRTY : flags;
  map.cookie = inode.data.cookie;
  map.cowCookie = inode.cow.cookie;
}

export function describeHole(inode: XfsInode, map: Iomap, first: FileBlock, end: FileBlock): void {
  describeBlocks(inode, map, first, end, Fork.hole, -1, 0);
}

/** The part [first, end) of record `index`. */
export function describeExtent(
  inode: XfsInode,
  map: Iomap,
  fork: ExtentFork,
  index: number,
  first: FileBlock,
  end: FileBlock,
  flags: number,
): void {
  describeBlocks(inode, map, first, end, fork.state(index), fork.blockAt(index, first), flags);
}

/**
 * Is a mapping still what the forks say (LK-20)? A SHARED one depends on both; holes are always valid, because only the
 * holder of L1 and L3 fills them under ZERO and UNSHARE, where alone they are returned (MAP-54).
 */
export function isCurrent(inode: XfsInode, map: Iomap): boolean {
  if (map.type === MapType.HOLE) return true;
  if (map.cookie !== inode.data.cookie) return false;
  return (map.flags & MapFlag.SHARED) === 0 || map.cowCookie === inode.cow.cookie;
}

/** The largest block number a file can end at. */
export function blockLimit(blockSize: Bytes, largest: Bytes): FileBlock {
  return Math.floor(largest / blockSize);
}
