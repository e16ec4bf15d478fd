/** The life of a file: open, close, remove, dropping caches. */
import { type Bytes, CallFlag, type Steps } from '../../../model/contract/index.js';
import {
  type Context,
  dropCleanFolios,
  ErrorCursor,
  truncateCache,
  unmapRange,
  waitForReads,
  waitForWriteback,
  writePages,
} from '../../library/index.js';
import { drainDirect } from '../../sync/index.js';
import type { XfsInode } from '../inode.js';
import { changeSize } from '../layout/size.js';
import { freeBehindEnd } from '../layout/trim.js';
import { lockAll, unlockAll } from '../locking.js';
import { syncFile } from '../sync.js';
import type { Operation } from './operation.js';

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
  const waiting = lockAll(inode, context.task);
  if (waiting !== null) yield* waiting;
  // A direct write that raises the size may be on its way to what lies behind the end (xfs_free_eofblocks).
  if (inode.direct.count > 0) yield* drainDirect(inode.direct, context.task);
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
  const waiting = lockAll(inode, context.task);
  if (waiting !== null) yield* waiting;
  if (inode.direct.count > 0) yield* drainDirect(inode.direct, context.task);
  dropMapping(inode);
  inode.setSize(0);
  yield* truncateCache(context, inode, 0, Infinity);
  inode.preallocated = false;
  yield* changeSize(context, inode, 0);
  forget(inode);
  unlockAll(inode, context.task);
  return answer;
};

export function dropMapping(inode: XfsInode): void {
  inode.mappings = 0;
  unmapRange(inode, 0, Infinity);
}

/** What only lives in memory: descriptors, and errors, which nobody can ask for any more. */
export function forget(inode: XfsInode): void {
  inode.descriptors.length = 0;
  inode.releasedOnClose = false;
  inode.errors.report(new ErrorCursor(inode.errors));
  inode.errors.clearFlags();
}

/**
 * Drops the clean pages of the file, after fsync where asked for: an error is reported once, here. What readahead still
 * brings in is waited for, or it would stay.
 */
export const dropCaches: Operation = function* (call, fs, context, answer) {
  const inode = fs.inode(call.file);
  if ((call.flags & CallFlag.FLUSH) !== 0) answer.error = yield* syncFile(context, inode, 0, Infinity);
  yield* waitForReads(context, inode);
  dropCleanFolios(inode, 0, Infinity);
  return answer;
};

export function* writeBack(context: Context, inode: XfsInode, from: Bytes, to: Bytes): Steps<void> {
  yield* writePages(context, inode, from, to, true);
  yield* waitForWriteback(context, inode, from, to);
}
