/**
 * Changing the size of a file (FS-X9) and what must happen before a write behind its end (FS-X7). Both zero the tail of
 * the block that holds the old end, and see to it that the zeroes are on the device before any larger size can become
 * durable: a gap of the reference that is closed here (CR-44, CR-83, R-23).
 */
import { type Bytes, type Errno, type FileBlock, Fork, type Steps, Y } from '../../../model/contract/index.js';
import { type Context, truncateCache, truncatePage, writeAndWait, zeroRange } from '../../library/index.js';
import { isizeExtended } from '../../library/isize-extended.js';
import { acquire, drainDirect, EXCLUSIVE } from '../../sync/index.js';
import type { XfsInode } from '../inode.js';
import { unmapBlocks } from '../map/change.js';
import { xfsOps } from '../map/ops.js';

/** Sets the size. L1 and L3 are held exclusive. */
export function* changeSize(context: Context, inode: XfsInode, to: Bytes): Steps<Errno> {
  const { task } = context;
  // What is still on its way may raise the size (LK-08).
  if (inode.direct.count > 0) yield* drainDirect(inode.direct, task);
  const from = inode.isize;
  if (from === 0 && to === 0 && inode.dsize === 0 && inode.data.count === 0) return 0;
  context.didZero = false;
  const zeroing =
    to > from ? zeroRange(context, inode, xfsOps, from, to - from) : truncatePage(context, inode, xfsOps, to);
  let error = typeof zeroing === 'number' ? zeroing : yield* zeroing;
  if (error !== 0) return error;
  const zeroed = context.didZero;
  if (task.stopsAt(Y['Y-TR2'])) yield Y['Y-TR2'];
  isizeExtended(inode, from, to);
  inode.setSize(to);
  if (inode.cache.firstIn(to, Infinity) !== null) yield* truncateCache(context, inode, to, Infinity);
  const start = unwrittenFrom(inode, from, to, zeroed);
  if (start < to) {
    if (task.stopsAt(Y['Y-TR4'])) yield Y['Y-TR4'];
    const written = writeAndWait(context, inode, start, to);
    error = typeof written === 'number' ? written : yield* written;
  }
  // What could not be written may not come below a larger size on disk; a smaller one is owed all the same (INV-44).
  if (error !== 0 && to > inode.dsize) return error;
  if (task.stopsAt(Y['Y-TR5'])) yield Y['Y-TR5'];
  commitSize(context, inode, from, to);
  // The device still holds behind the new end what the zeroes should have replaced.
  if (error !== 0) inode.doubtTail();
  return error;
}

/**
 * Where what has to be on the device first begins; Infinity if there is nothing. The transaction that follows carries `to`,
 * so data between the on-disk size and `to` go out before it. After a cut the zeroed tail goes out too if the device holds
 * old bytes there, which a later growth would bring back (CR-44).
 */
function unwrittenFrom(inode: XfsInode, from: Bytes, to: Bytes, zeroed: boolean): Bytes {
  let start = Infinity;
  if (zeroed || (to > inode.dsize && from !== inode.dsize)) start = inode.dsize;
  if (zeroed && hasOldTail(inode, Math.min(from, to))) start = Math.min(start, Math.min(from, to) - 1);
  return start;
}

/** The device may hold old bytes behind `end` in its block. */
function hasOldTail(inode: XfsInode, end: Bytes): boolean {
  return end % inode.fs.blockSize !== 0 && inode.data.stateAt(inode.blockDown(end)) === Fork.written;
}

function commitSize(context: Context, inode: XfsInode, from: Bytes, to: Bytes): void {
  const { fs } = inode;
  const transaction = fs.begin(context.task);
  inode.lockMap(context.task, EXCLUSIVE);
  inode.setDsize(to);
  if (to <= from) {
    const first = inode.blockUp(to);
    unmapBlocks(inode, inode.cow, first, Infinity, transaction);
    unmapBlocks(inode, inode.data, first, Infinity, transaction);
    inode.releasedOnClose = false;
    // Without extents there is nothing that could be shared (xfs_itruncate_clear_reflink_flags).
    if (inode.data.count === 0 && inode.cow.count === 0) inode.reflinked = false;
  }
  fs.commit(transaction, inode, context.task);
  inode.unlockMap(context.task);
}

/** Before a write that starts behind the end: zeroes [isize, pos) (FS-X7). L1 is held exclusive; takes L3. */
export function* zeroBehindEnd(context: Context, inode: XfsInode, pos: Bytes): Steps<Errno> {
  const { task } = context;
  if (inode.direct.count > 0) yield* drainDirect(inode.direct, task);
  if (pos <= inode.isize) return 0;
  if (!inode.invalidateLock.tryAcquire(task, EXCLUSIVE)) yield* acquire(inode.invalidateLock, task, EXCLUSIVE);
  const error = yield* zeroTail(context, inode, pos);
  // A direct write raises the size without looking at the cache: what was scribbled behind the end goes now (PC-65).
  if (error === 0) isizeExtended(inode, inode.isize, pos);
  inode.invalidateLock.release(task);
  return error;
}

/**
 * Before the first write after a mount, or after a direct write that failed, that extends the file from inside: what the
 * device holds behind the end in its block may be from a write that was undone (PC-21), and must not come back when another
 * block is written first and raises the on-disk size (R-23, INV-69). Other ways to grow zero the block anyway. L1 is held
 * exclusive; takes L3.
 */
export function settleTail(context: Context, inode: XfsInode): Steps<Errno> {
  return settled(inode, zeroBehindEnd(context, inode, tailEnd(inode)));
}

/** The same with L3 held, and no direct request in progress. */
export function settleTailLocked(context: Context, inode: XfsInode): Steps<Errno> {
  return settled(inode, zeroTail(context, inode, tailEnd(inode)));
}

function tailEnd(inode: XfsInode): Bytes {
  return inode.blockUp(inode.isize) * inode.fs.blockSize;
}

function* settled(inode: XfsInode, zeroing: Steps<Errno>): Steps<Errno> {
  const error = yield* zeroing;
  if (error === 0) inode.unknownTail = false;
  return error;
}

/**
 * Zeroes [isize, to), of which only the end's block and preallocated space can hold anything, and writes back the end's
 * block where the device may hold old bytes. An error of that write-back stays in wb_err; it is not the caller's.
 */
export function* zeroTail(context: Context, inode: XfsInode, to: Bytes): Steps<Errno> {
  const end = inode.isize;
  context.didZero = false;
  const zeroing = zeroRange(context, inode, xfsOps, end, to - end);
  const error = typeof zeroing === 'number' ? zeroing : yield* zeroing;
  if (error !== 0 || !context.didZero || !hasOldTail(inode, end)) return error;
  const written = writeAndWait(context, inode, end - 1, end);
  if (typeof written !== 'number') yield* written;
  return error;
}

/** The first block wholly behind the end. */
export function firstBehindEnd(inode: XfsInode): FileBlock {
  return inode.blockUp(inode.isize);
}
