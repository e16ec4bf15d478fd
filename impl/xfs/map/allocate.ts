/**
 * Allocation of real blocks: for delayed extents (which have a reservation and so cannot fail for lack of space, INV-19),
 * and for holes. Both work in pieces as contiguous as the space allows, one transaction each. When all free blocks wait
 * for the transaction that freed them, an attempt ends with WAITS_FOR_LOG, and `allocating` forces the log and tries again.
 */
import { EAGAIN, EIO, ENOSPC, type Errno, type FileBlock, Fork, type Steps } from '../../../model/contract/index.js';
import type { ExtentFork } from '../../extents/fork.js';
import type { Context } from '../../library/index.js';
import { EXCLUSIVE } from '../../sync/index.js';
import type { XfsInode } from '../inode.js';

/** Not an errno: the attempt did nothing and may be repeated after a log force. */
export const WAITS_FOR_LOG = 1;

/** Repeats an attempt until it has an errno; steps only where the log has to be forced. */
export function allocating(inode: XfsInode, context: Context, attempt: () => number): Errno | Steps<Errno> {
  const result = attempt();
  return result === WAITS_FOR_LOG ? afterLogForce(inode, context, attempt) : result;
}

function* afterLogForce(inode: XfsInode, context: Context, attempt: () => number): Steps<Errno> {
  for (;;) {
    const error = yield* inode.fs.awaitFreedBlocks(context.task);
    if (error !== 0) return error;
    // While it waited the file system may have been shut down (CR-91).
    if (inode.fs.down) return EIO;
    const result = attempt();
    if (result !== WAITS_FOR_LOG) return result;
  }
}

/** Where the next block of the file would best go: right behind the extent before `first`. */
function goalFor(fork: ExtentFork, first: FileBlock): number {
  const index = fork.find(first) - 1;
  if (index < 0 || fork.state(index) === Fork.delay) return -1;
  return fork.blockAt(index, fork.end(index));
}

/**
 * Turns [first, end), which is delayed or a hole, into unwritten blocks (real ones in the copy-on-write fork) as far as one
 * run of free space goes: their number, or 0 when all free blocks wait for the log.
 */
function allocateRun(inode: XfsInode, fork: ExtentFork, first: FileBlock, end: FileBlock, context: Context): number {
  const { fs } = inode;
  const transaction = fs.begin(context.task);
  const count = fs.take(inode, end - first, goalFor(fork, first));
  if (count === 0) {
    fs.cancel(transaction, context.task);
    return 0;
  }
  inode.lockMap(context.task, EXCLUSIVE);
  inode.setExtent(fork, first, first + count, Fork.unwritten, fs.space.found, transaction);
  inode.unlockMap(context.task);
  fs.commit(transaction, inode, context.task);
  return count;
}

/**
 * Turns the delayed extent at `at` into real blocks, from its beginning until `at` is covered (FS-X1, WB-16). -EAGAIN when
 * there is a hole: somebody else changed the map.
 */
export function convertDelayed(inode: XfsInode, fork: ExtentFork, at: FileBlock, context: Context): number {
  const index = fork.find(at);
  if (index === fork.count || fork.first(index) > at) return EAGAIN;
  if (fork.state(index) !== Fork.delay) return 0;
  let first = fork.first(index);
  const end = fork.end(index);
  while (first <= at) {
    const count = allocateRun(inode, fork, first, end, context);
    if (count === 0) return WAITS_FOR_LOG;
    first += count;
  }
  return 0;
}

/**
 * Turns the part [first, end) of the delayed extent at `first` into unwritten blocks, piece by piece, as preallocation does.
 * Cutting an extent may take one more index block; where none is left, all of it is converted.
 */
export function convertPart(
  inode: XfsInode,
  fork: ExtentFork,
  first: FileBlock,
  end: FileBlock,
  context: Context,
): number {
  if (inode.fs.space.free === 0) return convertDelayed(inode, fork, first, context);
  if (fork.stateAt(first) !== Fork.delay) return 0;
  const limit = Math.min(end, fork.end(fork.find(first)));
  for (let at = first; at < limit; ) {
    const count = allocateRun(inode, fork, at, limit, context);
    if (count === 0) return WAITS_FOR_LOG;
    at += count;
  }
  return 0;
}

/**
 * Fills the hole [first, end) with unwritten blocks as far as one run of free space goes, at least one block. The whole
 * must be there before any is taken: a request that cannot be met fails at once.
 */
export function fillHole(
  inode: XfsInode,
  fork: ExtentFork,
  first: FileBlock,
  end: FileBlock,
  context: Context,
): number {
  if (inode.fs.space.free < end - first) return ENOSPC;
  return allocateRun(inode, fork, first, end, context) === 0 ? WAITS_FOR_LOG : 0;
}
