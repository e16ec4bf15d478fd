/** Unwritten blocks for every hole of a range, one transaction a piece (xfs_alloc_file_space, FS-X10). */
import { type Bytes, ENOSPC, type Errno, type FileBlock, Fork, type Steps, Y } from '../../../model/contract/index.js';
import type { Context } from '../../library/index.js';
import type { XfsInode } from '../inode.js';
import { allocating, convertPart, fillHole } from '../map/allocate.js';
import { trimIdle } from './trim.js';

export function* preallocate(context: Context, inode: XfsInode, offset: Bytes, length: Bytes): Steps<Errno> {
  const { data, fs } = inode;
  const end = inode.blockUp(offset + length);
  if (fs.refuses(context)) return ENOSPC;
  const missing = holesIn(inode, inode.blockDown(offset), end);
  // A transaction that cannot reserve its blocks has idle preallocation of other files trimmed first.
  if (fs.space.free < missing) for (const other of fs.inodes) if (other !== inode) trimIdle(context, other);
  if (fs.space.free < missing) return ENOSPC;
  inode.preallocated = true;
  for (let at = inode.blockDown(offset); at < end; ) {
    const index = data.find(at);
    if (index < data.count && data.first(index) <= at && data.state(index) !== Fork.delay) {
      at = data.end(index);
      continue;
    }
    const first = at;
    const result = allocating(inode, context, () => allocateFrom(inode, first, end, context));
    const error = typeof result === 'number' ? result : yield* result;
    if (error !== 0) return error;
    if (context.task.stopsAt(Y['Y-FA2'])) yield Y['Y-FA2'];
  }
  return 0;
}

/**
 * One attempt at what begins at `first`. While the one before it waited for the log a copy may have come to the hole
 * (WB-52): then there is nothing to do.
 */
function allocateFrom(inode: XfsInode, first: FileBlock, end: FileBlock, context: Context): number {
  const { data } = inode;
  const index = data.find(first);
  if (index === data.count || data.first(index) > first)
    return fillHole(inode, data, first, index < data.count ? Math.min(end, data.first(index)) : end, context);
  return data.state(index) === Fork.delay ? convertPart(inode, data, first, end, context) : 0;
}

function holesIn(inode: XfsInode, first: FileBlock, end: FileBlock): number {
  const { data } = inode;
  let mapped = 0;
  for (let i = data.find(first); i < data.count && data.first(i) < end; i++)
    mapped += Math.min(end, data.end(i)) - Math.max(first, data.first(i));
  return end - first - mapped;
}
