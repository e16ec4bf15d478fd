/** Making a file durable (CR-20 … CR-22): data, then the log as far as the file needs it, else a cache flush. */
import { type Bytes, type Errno, type Steps, Y } from '../../model/contract/index.js';
import { type Context, fileWriteAndWait } from '../library/index.js';
import { flushDevice } from './flush.js';
import type { XfsInode } from './inode.js';

/** fsync and fdatasync of [from, to), reporting through the descriptor that calls use (WB-71). */
export function* syncFile(context: Context, inode: XfsInode, from: Bytes, to: Bytes): Steps<Errno> {
  const error = yield* fileWriteAndWait(context, inode, inode.descriptor, from, to);
  if (error !== 0) return error;
  if (context.task.observed) yield Y['Y-SY1'];
  const { journal } = inode.fs;
  if (inode.pinned) return yield* journal.force(inode.changed, context.task);
  return yield* flushDevice(inode.platform, context.task);
}
