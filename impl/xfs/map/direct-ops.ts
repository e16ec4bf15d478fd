/** What direct requests ask of the XFS-like file system when their I/O is done (DIO-41 … DIO-44), and to be durable. */
import { type Bytes, EIO, type Errno, type Steps } from '../../../model/contract/index.js';
import { type Context, type DirectOps, EndIoFlag, waitForWriteback } from '../../library/index.js';
import type { XfsInode } from '../inode.js';
import { dataSyncFile, syncFile } from '../sync.js';
import { completeWritten, raiseSizes } from './complete.js';
import { remapWhole } from './cow.js';

function endIo(
  inode: XfsInode,
  pos: Bytes,
  size: Bytes,
  error: Errno,
  flags: number,
  copies: readonly Bytes[],
  context: Context,
): Errno | Steps<Errno> {
  // DIO-42: copy-on-write blocks of a failed request stay busy until they are written again or trimmed.
  if (error !== 0 && pos + size > inode.isize) inode.doubtTail();
  if (error !== 0 || size === 0) return error;
  inode.timesChanged = true;
  const unwritten = (flags & EndIoFlag.UNWRITTEN) !== 0;
  const complete = (): Errno | Steps<Errno> => completeWritten(inode, pos, size, copies, unwritten, true, context);
  return copies.length > 0 ? afterWriteback(inode, pos, size, context, complete) : complete();
}

/** An atomic write that went out of place becomes visible in one transaction (INV-57). */
function endAtomic(
  inode: XfsInode,
  pos: Bytes,
  size: Bytes,
  error: Errno,
  flags: number,
  copies: readonly Bytes[],
  context: Context,
): Errno | Steps<Errno> {
  if (error !== 0 || size === 0 || copies.length === 0) return endIo(inode, pos, size, error, flags, copies, context);
  return afterWriteback(inode, pos, size, context, () => becomeVisible(inode, pos, size, context));
}

/** Writeback that began before the copies were there is on its way to the blocks that are about to be free (INV-41). */
function afterWriteback(
  inode: XfsInode,
  pos: Bytes,
  size: Bytes,
  context: Context,
  complete: () => Errno | Steps<Errno>,
): Errno | Steps<Errno> {
  return inode.cache.writebackCount === 0 ? complete() : waitAndComplete(inode, pos, size, context, complete);
}

function* waitAndComplete(
  inode: XfsInode,
  pos: Bytes,
  size: Bytes,
  context: Context,
  complete: () => Errno | Steps<Errno>,
): Steps<Errno> {
  yield* waitForWriteback(context, inode, pos, pos + size);
  const completed = complete();
  return typeof completed === 'number' ? completed : yield* completed;
}

function becomeVisible(inode: XfsInode, pos: Bytes, size: Bytes, context: Context): Errno {
  if (inode.fs.down) return EIO;
  remapWhole(inode, inode.blockDown(pos), inode.blockUp(pos + size), context);
  raiseSizes(inode, pos + size, true, context);
  return 0;
}

function sync(inode: XfsInode, pos: Bytes, length: Bytes, dataOnly: boolean, context: Context): Steps<Errno> {
  return (dataOnly ? dataSyncFile : syncFile)(context, inode, pos, pos + length);
}

export const directReads: DirectOps<XfsInode> = {};
export const directWrites: DirectOps<XfsInode> = { endIo, sync };
export const atomicWrites: DirectOps<XfsInode> = { endIo: endAtomic, sync };
