import type { Bytes, Errno, Point, Steps } from '../../model/contract/index.js';
import type { ErrorCursor } from '../cache/error-sequence.js';
import type { CachedInode } from './cached-inode.js';
import type { Context } from './platform.js';

/** Waits until no folio that touches [from, to) is under writeback (WB-61). */
export function* waitForWriteback(
  context: Context,
  inode: CachedInode,
  from: Bytes,
  to: Bytes,
  point?: Point,
): Steps<void> {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${from} ${to} ${point}`);
}

/** Integrity writeback of a range, waited for; tests and clears the legacy error flags (WB-74). */
export function* writeAndWait(context: Context, inode: CachedInode, from: Bytes, to: Bytes): Steps<Errno> {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${from} ${to}`);
}

/** The same on behalf of a descriptor, which reports each error event once (WB-71). For fsync and its kin. */
export function* fileWriteAndWait(
  context: Context,
  inode: CachedInode,
  cursor: ErrorCursor,
  from: Bytes,
  to: Bytes,
): Steps<Errno> {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${cursor.at} ${from} ${to}`);
}
