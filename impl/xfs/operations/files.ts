/** The life of a file and of the mount: open, close, remove, dropping caches, remount. */
import { type Bytes, CallFlag, EOPNOTSUPP, type Steps } from '../../../model/contract/index.js';
import {
  type Context,
  dropCleanFolios,
  ErrorCursor,
  truncateCache,
  unmapRange,
  waitForWriteback,
  writePages,
} from '../../library/index.js';
import { drainDirect } from '../../sync/index.js';
import type { XfsInode } from '../inode.js';
import { changeSize } from '../layout/size.js';
import { freeBehindEnd } from '../layout/trim.js';
import { lockAll, unlockAll } from '../locking.js';
import { punchDelayed } from '../map/change.js';
import { cancelCow } from '../map/cow.js';
import { fail, type Operation } from './operation.js';

export const open: Operation = (call, fs, _context, answer) => {
  const inode = fs.inode(call.file);
  inode.descriptors.push(new ErrorCursor(inode.errors));
  return answer;
};

/** The first close frees preallocation behind the end; a file that is opened again and again keeps it then. */
export const close: Operation = function* (call, fs, context, answer) {
  const inode = fs.inode(call.file);
  inode.descriptors.length = 0;
  if (inode.releasedOnClose) return answer;
  yield* lockAll(inode, context.task);
  if (!inode.preallocated && inode.data.find(inode.blockUp(inode.isize)) < inode.data.count) {
    inode.releasedOnClose = true;
    freeBehindEnd(context, inode);
  }
  unlockAll(inode, context.task);
  return answer;
};

/** unlink and last close: the file is empty and new. */
export const remove: Operation = function* (call, fs, context, answer) {
  const inode = fs.inode(call.file);
  yield* lockAll(inode, context.task);
  if (inode.direct.count > 0) yield* drainDirect(inode.direct, context.task);
  dropMapping(inode);
  inode.setSize(0);
  yield* truncateCache(context, inode, 0, Infinity);
  yield* changeSize(context, inode, 0);
  forget(inode);
  inode.preallocated = false;
  unlockAll(inode, context.task);
  return answer;
};

function dropMapping(inode: XfsInode): void {
  inode.mappings = 0;
  unmapRange(inode, 0, Infinity);
}

/** What only lives in memory: descriptors, and errors, which nobody can ask for any more. */
function forget(inode: XfsInode): void {
  inode.descriptors.length = 0;
  inode.releasedOnClose = false;
  inode.errors.report(new ErrorCursor(inode.errors));
  inode.errors.clearFlags();
}

/** Drops the clean pages of the file, after writing it back where asked for. */
export const dropCaches: Operation = function* (call, fs, context, answer) {
  const inode = fs.inode(call.file);
  if ((call.flags & CallFlag.FLUSH) !== 0) yield* writeBack(context, inode, 0, Infinity);
  dropCleanFolios(inode, 0, Infinity);
  return answer;
};

function* writeBack(context: Context, inode: XfsInode, from: Bytes, to: Bytes): Steps<void> {
  yield* writePages(context, inode, from, to, true);
  yield* waitForWriteback(context, inode, from, to);
}

/** A clean unmount and mount: everything is durable, and nothing is left in memory. */
export const remount: Operation = function* (_call, fs, context, answer) {
  for (const inode of fs.inodes) yield* evict(context, inode);
  const { journal } = fs;
  return fail(answer, yield* journal.force(journal.committed, context.task));
};

/** What was not written back, because that failed, is lost; the size falls back to what metadata carry. */
function* evict(context: Context, inode: XfsInode): Steps<void> {
  yield* lockAll(inode, context.task);
  if (inode.direct.count > 0) yield* drainDirect(inode.direct, context.task);
  dropMapping(inode);
  yield* writeBack(context, inode, 0, Infinity);
  yield* truncateCache(context, inode, 0, Infinity);
  inode.setSize(inode.dsize);
  punchDelayed(inode, inode.data, 0, Infinity);
  freeBehindEnd(context, inode);
  cancelCow(inode, 0, Infinity, context);
  forget(inode);
  unlockAll(inode, context.task);
}

/** Crashes need a journal on the device. */
export const shutdown: Operation = (_call, _fs, _context, answer) => {
  return fail(answer, EOPNOTSUPP);
};
