/**
 * Collapse and insert (FS-X13): whole blocks move, bytes keep their version. Before extents move, everything from a block
 * before the place to the end is on the device and out of the cache, and nothing lies behind the end or in the
 * copy-on-write fork there.
 */
import { type Bytes, type Errno, roundDown, type Steps, Y } from '../../../model/contract/index.js';
import type { Context } from '../../library/index.js';
import { EXCLUSIVE } from '../../sync/index.js';
import type { XfsInode } from '../inode.js';
import { cancelCow } from '../map/cow.js';
import { logShift } from '../metadata.js';
import { cacheUnit, flushAndDrop, freeRange } from './punch.js';
import { changeSize, settleTailLocked } from './size.js';
import { freeBehindEnd } from './trim.js';

function* prepareShift(context: Context, inode: XfsInode, offset: Bytes): Steps<Errno> {
  freeBehindEnd(context, inode);
  const unit = cacheUnit(inode);
  // One unit more: a copy-on-write completion just before the place could merge with what is about to move.
  const start = Math.max(0, roundDown(offset, unit) - unit);
  const error = yield* flushAndDrop(context, inode, start, Infinity);
  if (error !== 0) return error;
  cancelCow(inode, inode.blockDown(start), Infinity, context);
  return 0;
}

/** Removes [offset, offset + length), both multiples of the block size, and ends before the end of the file. */
export function* collapseRange(context: Context, inode: XfsInode, offset: Bytes, length: Bytes): Steps<Errno> {
  let error = yield* freeRange(context, inode, offset, length);
  if (error !== 0) return error;
  // Until the size follows, what lies behind the end in its block is below it (CR-45).
  if (inode.unknownTail) error = yield* settleTailLocked(context, inode);
  if (error !== 0) return error;
  error = yield* prepareShift(context, inode, offset);
  if (error !== 0) return error;
  if (context.task.stopsAt(Y['Y-FA2'])) yield Y['Y-FA2'];
  shift(context, inode, inode.blockDown(offset + length), -inode.blockDown(length));
  return yield* changeSize(context, inode, inode.isize - length);
}

/** Makes room of `length` at `offset`. The size comes first, so that no crash leaves data behind the end. */
export function* insertRange(context: Context, inode: XfsInode, offset: Bytes, length: Bytes): Steps<Errno> {
  let error = yield* changeSize(context, inode, inode.isize + length);
  if (error !== 0) return error;
  error = yield* prepareShift(context, inode, offset);
  if (error !== 0) return error;
  if (context.task.stopsAt(Y['Y-FA2'])) yield Y['Y-FA2'];
  shift(context, inode, inode.blockDown(offset), inode.blockDown(length));
  return 0;
}

function shift(context: Context, inode: XfsInode, from: number, distance: number): void {
  const { data, fs } = inode;
  const transaction = fs.begin(context.task);
  inode.lockMap(context.task, EXCLUSIVE);
  const reserved = data.reserved;
  data.split(from);
  data.shift(from, distance);
  logShift(transaction, inode.id, from, distance);
  fs.space.reserve(data.reserved - reserved);
  fs.commit(transaction, inode, context.task);
  inode.unlockMap(context.task);
}
