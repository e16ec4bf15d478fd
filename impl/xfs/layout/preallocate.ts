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
    const isMapped = index < data.count && data.first(index) <= at;
    if (isMapped && data.state(index) !== Fork.delay) {
      at = data.end(index);
      continue;
    }
    const first = at;
    const until = index < data.count ? Math.min(end, data.first(index)) : end;
    const result = allocating(inode, context, () =>
      isMapped ? convertPart(inode, data, first, end, context) : fillHole(inode, data, first, until, context),
    );
    const error = typeof result === 'number' ? result : yield* result;
    if (error !== 0) return error;
    if (context.task.stopsAt(Y['Y-FA2'])) yield Y['Y-FA2'];
  }
  return 0;
}

function holesIn(inode: XfsInode, first: FileBlock, end: FileBlock): number {
  const { data } = inode;
  let mapped = 0;
  for (let i = data.find(first); i < data.count && data.first(i) < end; i++)
    mapped += Math.min(end, data.end(i)) - Math.max(first, data.first(i));
  return end - first - mapped;
}
