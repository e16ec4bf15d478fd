/** Making a file durable (CR-20 … CR-22): data, then the log as far as the file needs it, else a cache flush. */
import { type Bytes, EIO, type Errno, type LogPosition, type Steps, Y } from '../../model/contract/index.js';
import { flushDevice } from '../journal/metadata-bio.js';
import { type Context, fileWriteAndWait } from '../library/index.js';
import type { XfsFileSystem } from './file-system.js';
import type { XfsInode } from './inode.js';

/** fdatasync of [from, to), reporting through the descriptor that calls use (WB-71). */
export function* dataSyncFile(context: Context, inode: XfsInode, from: Bytes, to: Bytes): Steps<Errno> {
  if (inode.fs.down) return EIO;
  const written = fileWriteAndWait(context, inode, inode.descriptor, from, to);
  const error = typeof written === 'number' ? written : yield* written;
  if (error !== 0) return error;
  if (context.task.stopsAt(Y['Y-SY1'])) yield Y['Y-SY1'];
  return yield* makeDurable(context, inode.fs, inode.changed);
}

/** fsync of [from, to): as fdatasync, and the time stamps, so that it goes through the log wherever something was written. */
export function* syncFile(context: Context, inode: XfsInode, from: Bytes, to: Bytes): Steps<Errno> {
  if (inode.fs.down) return EIO;
  const written = fileWriteAndWait(context, inode, inode.descriptor, from, to);
  const error = typeof written === 'number' ? written : yield* written;
  if (error !== 0) return error;
  if (context.task.stopsAt(Y['Y-SY1'])) yield Y['Y-SY1'];
  if (inode.timesChanged) logTimes(context, inode);
  return yield* makeDurable(context, inode.fs, inode.changed);
}

function logTimes(context: Context, inode: XfsInode): void {
  inode.timesChanged = false;
  const transaction = inode.fs.begin(context.task);
  inode.fs.commit(transaction, inode, context.task);
}

/**
 * Everything up to `position`, and every data write that has completed. A log write does both if it began after this call;
 * one that was under way did its cache flush too early for the data, and then another flush follows (CR-20).
 */
export function makeDurable(context: Context, fs: XfsFileSystem, position: LogPosition): Steps<Errno> {
  return position > fs.journal.durable
    ? forceThenFlush(context, fs, position)
    : flushDevice(context.device, context.task);
}

function* forceThenFlush(context: Context, fs: XfsFileSystem, position: LogPosition): Steps<Errno> {
  const { journal } = fs;
  const begun = journal.writes;
  const error = yield* journal.force(position, context.task);
  if (error !== 0) return error;
  return journal.writes > begun ? 0 : yield* flushDevice(context.device, context.task);
}
