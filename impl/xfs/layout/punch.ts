/**
 * Freeing the whole blocks of a range and zeroing its edges (FS-X10, xfs_free_file_space), and writing back and dropping
 * the cache of a range first.
 */
import { type Bytes, type Errno, roundDown, roundUp, type Steps, Y } from '../../../model/contract/index.js';
import { type Context, truncateCache, writeAndWait, zeroRange } from '../../library/index.js';
import { EXCLUSIVE } from '../../sync/index.js';
import type { XfsInode } from '../inode.js';
import { unmapBlocks } from '../map/change.js';
import { xfsOps } from '../map/ops.js';

/** The unit to which cache is dropped: a page, or a block where blocks are larger. */
export function cacheUnit(inode: XfsInode): Bytes {
  const { pageSize, blockSize } = inode.platform.geometry;
  return Math.max(pageSize, blockSize);
}

/** Writes back and drops the cache of [from, to), rounded outward. L1 and L3 are held exclusive. */
export function* flushAndDrop(context: Context, inode: XfsInode, from: Bytes, to: Bytes): Steps<Errno> {
  const unit = cacheUnit(inode);
  const start = roundDown(from, unit);
  const end = to === Infinity ? to : roundUp(to, unit);
  if (inode.cache.firstIn(start, end) === null) return inode.errors.testAndClear();
  const written = writeAndWait(context, inode, start, end);
  const error = typeof written === 'number' ? written : yield* written;
  if (error !== 0) return error;
  yield* truncateCache(context, inode, start, end);
  if (context.task.stopsAt(Y['Y-FA1'])) yield Y['Y-FA1'];
  return 0;
}

/** Makes [offset, offset + length) a hole where whole blocks lie in it, and zeroes the rest as far as the file goes. */
export function* freeRange(context: Context, inode: XfsInode, offset: Bytes, length: Bytes): Steps<Errno> {
  let error = yield* flushAndDrop(context, inode, offset, offset + length);
  if (error !== 0) return error;
  const first = inode.blockUp(offset);
  const end = inode.blockDown(offset + length);
  if (first < end) unmapWhole(context, inode, first, end);
  if (context.task.stopsAt(Y['Y-FA2'])) yield Y['Y-FA2'];
  const stop = Math.min(offset + length, inode.isize);
  if (offset >= stop) return 0;
  // The cache only: the zeroes reach the device by writeback.
  const zeroing = zeroRange(context, inode, xfsOps, offset, stop - offset);
  error = typeof zeroing === 'number' ? zeroing : yield* zeroing;
  if (error !== 0) return error;
  const { pageSize } = context.geometry;
  if (stop < inode.isize || stop % pageSize === 0) return 0;
  // A page that holds the end goes out at once, for it may be mapped and its bytes behind the end must not stay what they were.
  const written = writeAndWait(context, inode, roundDown(stop, pageSize), Infinity);
  return typeof written === 'number' ? written : yield* written;
}

function unmapWhole(context: Context, inode: XfsInode, first: number, end: number): void {
  const transaction = inode.fs.begin(context.task);
  inode.lockMap(context.task, EXCLUSIVE);
  unmapBlocks(inode, inode.data, first, end, transaction);
  inode.fs.commit(transaction, inode, context.task);
  inode.unlockMap(context.task);
}
