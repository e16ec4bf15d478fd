/**
 * The life of the mount: a clean remount, a shutdown, and the remount that recovers from it. After a shutdown nothing new
 * becomes durable (CR-91), though writes on their way to the device arrive and stay: power was not lost.
 */
import { CallFlag, EOPNOTSUPP, type Steps } from '../../../model/contract/index.js';
import { type Context, truncateCache } from '../../library/index.js';
import { drainDirect } from '../../sync/index.js';
import type { XfsInode } from '../inode.js';
import { freeBehindEnd } from '../layout/trim.js';
import { lockAll, unlockAll } from '../locking.js';
import { punchDelayed } from '../map/change.js';
import { cancelCow } from '../map/cow.js';
import { makeDurable } from '../sync.js';
import { awaitIdle } from './background.js';
import { dropMapping, forget, writeBack } from './files.js';
import { fail, type Operation } from './operation.js';

/** FLUSH: the log is forced first. Dirty data is lost in either case. */
export const shutdown: Operation = function* (call, fs, context, answer) {
  if (fs.deviceJournal === null) return fail(answer, EOPNOTSUPP);
  if (fs.down) return answer;
  const { journal } = fs;
  if ((call.flags & CallFlag.FLUSH) !== 0) yield* journal.force(journal.committed, context.task);
  fs.shutDown();
  return answer;
};

export const remount: Operation = function* (_call, fs, context, answer) {
  if (fs.down) {
    for (const inode of fs.inodes) yield* abandon(context, inode);
    yield* awaitIdle(fs.platform, context.task);
    return fail(answer, yield* fs.recover(context.task));
  }
  for (const inode of fs.inodes) yield* evict(context, inode);
  return fail(answer, yield* makeDurable(context, fs, fs.journal.committed));
};

/** A clean unmount. What was not written back, because that failed, is lost; the size falls back to what metadata carry. */
function* evict(context: Context, inode: XfsInode): Steps<void> {
  const waiting = lockAll(inode, context.task);
  if (waiting !== null) yield* waiting;
  if (inode.direct.count > 0) yield* drainDirect(inode.direct, context.task);
  dropMapping(inode);
  yield* writeBack(context, inode, 0, Infinity);
  yield* truncateCache(context, inode, 0, Infinity);
  // Written blocks behind a size that fell back would show when it grows again: they go, whoever asked for the space.
  const lost = inode.dsize < inode.isize;
  inode.setSize(inode.dsize);
  inode.doubtTail();
  punchDelayed(inode, inode.data, 0, Infinity);
  freeBehindEnd(context, inode, inode.preallocated && !lost);
  cancelCow(inode, 0, Infinity, context);
  forget(inode);
  unlockAll(inode, context.task);
}

/** What the file has in memory is lost: it may be dirty, nobody wrote it back. */
function* abandon(context: Context, inode: XfsInode): Steps<void> {
  const waiting = lockAll(inode, context.task);
  if (waiting !== null) yield* waiting;
  if (inode.direct.count > 0) yield* drainDirect(inode.direct, context.task);
  dropMapping(inode);
  yield* truncateCache(context, inode, 0, Infinity);
  forget(inode);
  unlockAll(inode, context.task);
}
