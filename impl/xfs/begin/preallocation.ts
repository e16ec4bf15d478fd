/**
 * How much a write reserves beyond what it needs (xfs_iomap_prealloc_size): nothing for small files; up to the allocation
 * unit for a write that continues no extent; else about as much again as the extents it continues, less when space is
 * short. And the rounding of copy-on-write space to its hint.
 */
import { type Bytes, type FileBlock, Fork, LARGEST_FILE } from '../../../model/contract/index.js';
import type { XfsInode } from '../inode.js';

/** The longest extent XFS can record. */
const LONGEST_EXTENT = 2 ** 21 - 1;

/**
 * End of the reservation of a write of [pos, end) that extends the file and has no extent at or behind it. At least
 * the write's own last block.
 */
export function preallocatedEnd(inode: XfsInode, first: FileBlock, end: Bytes): FileBlock {
  const { fs } = inode;
  const needed = inode.blockUp(end);
  const unit = Math.max(fs.options.preallocateFrom, fs.blockSize);
  if (fs.options.preallocateFrom < 0 || inode.isize < unit) return needed;
  const unitStart = end - 1 - ((end - 1) % unit);
  const wanted = inode.blockDown(unitStart) + preallocation(inode, first, Math.floor(unit / fs.blockSize));
  return Math.max(needed, Math.min(wanted, inode.blockDown(LARGEST_FILE)));
}

function preallocation(inode: XfsInode, first: FileBlock, unit: number): number {
  const { data } = inode;
  const { space } = inode.fs;
  let index = data.find(first) - 1;
  if (index < 0 || data.end(index) < first) return unit;
  let continued = data.end(index) - data.first(index);
  for (; index > 0 && joins(inode, index - 1); index--) {
    if (continued > LONGEST_EXTENT / 2) break;
    continued += data.end(index - 1) - data.first(index - 1);
  }
  let blocks = 2 ** Math.floor(Math.log2(Math.min(continued * 2, LONGEST_EXTENT)));
  for (let percent = 5; percent > 0 && space.free < (space.total * percent) / 100; percent--)
    blocks = Math.floor(blocks / (percent === 5 ? 4 : 2));
  while (blocks > 0 && blocks >= space.free) blocks = Math.floor(blocks / 16);
  return Math.max(blocks, unit);
}

/** Record `index` and the next one are neighbours in the file and on the device. */
function joins(inode: XfsInode, index: number): boolean {
  const { data } = inode;
  return (
    data.state(index) !== Fork.delay &&
    data.end(index) === data.first(index + 1) &&
    data.block(index + 1) === data.blockAt(index, data.end(index))
  );
}

/** Rounds [first, end) outward to multiples of `unit`, as far as no extent of the copy-on-write fork is in the way. */
export function roundToCowHint(inode: XfsInode, first: FileBlock, end: FileBlock): readonly [FileBlock, FileBlock] {
  const { cow } = inode;
  const unit = inode.fs.options.cowExtentBlocks;
  if (unit <= 1) return [first, end];
  const index = cow.find(first);
  const before = index > 0 ? cow.end(index - 1) : 0;
  const behind = index < cow.count ? cow.first(index) : inode.blockDown(LARGEST_FILE);
  const roundedEnd = end % unit === 0 ? end : end - (end % unit) + unit;
  return [Math.max(before, first - (first % unit)), Math.min(behind, roundedEnd)];
}
