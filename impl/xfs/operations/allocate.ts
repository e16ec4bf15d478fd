/**
 * The modes of fallocate (FS-X10, FS-X12, FS-X13). They share the checks of vfs_fallocate, the locks, and the growth of
 * the file at the end.
 */
import {
  type Bytes,
  type Call,
  CallFlag,
  EFBIG,
  EINVAL,
  type Errno,
  LARGEST_FILE,
  roundDown,
  roundUp,
  type Steps,
} from '../../../model/contract/index.js';
import { type Context, unshareRange, writeAndWait } from '../../library/index.js';
import { drainDirect } from '../../sync/index.js';
import type { XfsInode } from '../inode.js';
import { preallocate } from '../layout/preallocate.js';
import { freeRange } from '../layout/punch.js';
import { collapseRange, insertRange } from '../layout/shift.js';
import { changeSize } from '../layout/size.js';
import { unshared } from '../layout/unshared.js';
import { lockAll, unlockAll } from '../locking.js';
import { xfsOps } from '../map/ops.js';
import { fail, type Operation } from './operation.js';

type Mode = (context: Context, inode: XfsInode, offset: Bytes, length: Bytes, keepSize: boolean) => Steps<Errno>;

function fallocate(mode: Mode): Operation {
  return function* (call: Call, fs, context, answer) {
    const { offset, length } = call;
    if (offset < 0 || length <= 0) return fail(answer, EINVAL);
    if (offset + length > LARGEST_FILE) return fail(answer, EFBIG);
    const inode = fs.inode(call.file);
    const keepSize = (call.flags & CallFlag.KEEP_SIZE) !== 0;
    const waiting = lockAll(inode, context.task);
    if (waiting !== null) yield* waiting;
    if (inode.direct.count > 0) yield* drainDirect(inode.direct, context.task);
    answer.error = yield* mode(context, inode, offset, length, keepSize);
    unlockAll(inode, context.task);
    return answer;
  };
}

export const falloc = fallocate(function* (context, inode, offset, length, keepSize) {
  const error = yield* preallocate(context, inode, offset, length);
  if (error !== 0 || keepSize || offset + length <= inode.isize) return error;
  return yield* changeSize(context, inode, offset + length);
});

export const punch = fallocate(freeRange);

export const zero = fallocate(function* (context, inode, offset, length, keepSize) {
  let error = yield* freeRange(context, inode, offset, length);
  if (error !== 0) return error;
  const { blockSize } = inode.fs;
  const start = roundDown(offset, blockSize);
  error = yield* preallocate(context, inode, start, roundUp(offset + length, blockSize) - start);
  if (error !== 0 || keepSize || offset + length <= inode.isize) return error;
  return yield* changeSize(context, inode, offset + length);
});

/** Unshares, writes the range back, and preallocates what is left of holes (FS-X12). */
export const unshare = fallocate(function* (context, inode, offset, length, keepSize) {
  if (inode.reflinked) {
    const shared = unshareRange(context, inode, xfsOps, offset, length);
    let error = typeof shared === 'number' ? shared : yield* shared;
    if (error !== 0) return error;
    const written = writeAndWait(context, inode, offset, offset + length);
    error = typeof written === 'number' ? written : yield* written;
    if (error !== 0) return error;
    unshared(context, inode);
  }
  const error = yield* preallocate(context, inode, offset, length);
  if (error !== 0 || keepSize || offset + length <= inode.isize) return error;
  return yield* changeSize(context, inode, offset + length);
});

export const collapse = fallocate(function* (context, inode, offset, length) {
  const { blockSize } = inode.fs;
  if (offset % blockSize !== 0 || length % blockSize !== 0) return EINVAL;
  if (offset + length >= inode.isize) return EINVAL;
  return yield* collapseRange(context, inode, offset, length);
});

export const insert = fallocate(function* (context, inode, offset, length) {
  const { blockSize } = inode.fs;
  if (offset % blockSize !== 0 || length % blockSize !== 0) return EINVAL;
  if (inode.isize + length > LARGEST_FILE) return EFBIG;
  if (offset >= inode.isize) return EINVAL;
  return yield* insertRange(context, inode, offset, length);
});
