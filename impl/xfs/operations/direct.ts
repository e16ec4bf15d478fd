/**
 * pread and pwrite with O_DIRECT (direct-io.md section 7): which locks a write takes, when it waits for others, and when it
 * goes through the page cache instead.
 */
import {
  type Call,
  CallFlag,
  EAGAIN,
  EFBIG,
  EINVAL,
  EIOCBQUEUED,
  ENOPROTOOPT,
  ENOTBLK,
  EOPNOTSUPP,
  LARGEST_FILE,
  roundUp,
  type Steps,
} from '../../../model/contract/index.js';
import {
  bufferOf,
  type Context,
  DirectFlag,
  type DirectOps,
  DirectRequest,
  directIo,
  type MapOps,
  sourceOf,
  type WriteSource,
} from '../../library/index.js';
import { acquire, drainDirect, EXCLUSIVE, type LockMode, SHARED } from '../../sync/index.js';
import { atomicOps } from '../begin/atomic.js';
import type { XfsInode } from '../inode.js';
import { zeroBehindEnd } from '../layout/size.js';
import { trimIdle } from '../layout/trim.js';
import { atomicWrites, directReads, directWrites } from '../map/direct-ops.js';
import { xfsOps } from '../map/ops.js';
import { dataSyncFile, syncFile } from '../sync.js';
import { fail, type Operation, settle } from './operation.js';
import { writeThroughCache } from './write.js';

/** Pages that one remapping transaction can be expected to carry. */
const ATOMIC_PAGES = 1024;

/** The flags of a call that a request has too. */
const SAME_FLAGS: readonly (readonly [number, number])[] = [
  [CallFlag.NOWAIT, DirectFlag.NOWAIT],
  [CallFlag.DSYNC, DirectFlag.DSYNC],
  [CallFlag.SYNC, DirectFlag.SYNC],
  [CallFlag.ATOMIC, DirectFlag.ATOMIC],
  [CallFlag.ASYNC, DirectFlag.ASYNC],
  [CallFlag.FORCE_WAIT, DirectFlag.FORCE_WAIT],
  [CallFlag.OVERWRITE_ONLY, DirectFlag.OVERWRITE_ONLY],
  [CallFlag.PARTIAL, DirectFlag.PARTIAL],
];

function requestFlags(call: Call): number {
  let flags = 0;
  if (call.flags !== 0) for (const [mine, theirs] of SAME_FLAGS) if ((call.flags & mine) !== 0) flags |= theirs;
  // A part of an atomic write is no success (INV-57).
  return (flags & DirectFlag.ATOMIC) !== 0 ? flags & ~DirectFlag.PARTIAL : flags;
}

export const dread: Operation = function* (call, fs, context, answer) {
  if (call.offset < 0) return fail(answer, EINVAL);
  if (call.length === 0) return answer;
  const inode = fs.inode(call.file);
  const flags = requestFlags(call);
  if (!(yield* lock(context, inode, SHARED, flags))) return fail(answer, EAGAIN);
  const reach = Math.max(0, Math.min(call.length, roundUp(inode.isize, fs.blockSize) - call.offset));
  const target = bufferOf(call, answer, reach);
  const request = new DirectRequest(context, inode, directReads, call.offset, call.length, { target }, flags);
  const result = yield* directIo(context, xfsOps, request);
  inode.rwsem.release(context.task);
  return settle(answer, result === EIOCBQUEUED ? yield* request.wait(context.task) : result);
};

/** False under NOWAIT when somebody else has it. */
function* lock(context: Context, inode: XfsInode, mode: LockMode, flags: number): Steps<boolean> {
  if (inode.rwsem.tryAcquire(context.task, mode)) return true;
  if ((flags & DirectFlag.NOWAIT) !== 0) return false;
  yield* acquire(inode.rwsem, context.task, mode);
  return true;
}

export const dwrite: Operation = function* (call, fs, context, answer) {
  if (call.offset < 0) return fail(answer, EINVAL);
  if (call.length === 0) return answer;
  const { sectorSize } = context.geometry;
  if (call.offset % sectorSize !== 0 || call.length % sectorSize !== 0) return fail(answer, EINVAL);
  const flags = requestFlags(call);
  if ((flags & DirectFlag.ATOMIC) !== 0 && !canBeAtomic(call, context)) return fail(answer, EINVAL);
  if (call.offset >= LARGEST_FILE) return fail(answer, EFBIG);
  const inode = fs.inode(call.file);
  const source = sourceOf(call, Math.min(call.length, LARGEST_FILE - call.offset));
  let result = yield* writeDirect(context, inode, source, flags);
  // Through the cache blocks are reserved: that is no pure overwrite (MAP-31).
  if (result === ENOTBLK)
    result = (flags & DirectFlag.OVERWRITE_ONLY) !== 0 ? EAGAIN : yield* fallBack(context, inode, source, flags);
  return settle(answer, result);
};

function writeDirect(context: Context, inode: XfsInode, source: WriteSource, flags: number): Steps<number> {
  if ((flags & DirectFlag.ATOMIC) !== 0) return writeAtomic(context, inode, source, flags);
  const { blockSize } = inode.fs;
  const aligned = source.base % blockSize === 0 && source.length % blockSize === 0;
  return aligned ? writeAligned(context, inode, source, flags) : writeUnaligned(context, inode, source, flags);
}

/** Shared with other direct I/O, also when it extends the file; only zeroing behind the end takes L1 exclusive first. */
function* writeAligned(context: Context, inode: XfsInode, source: WriteSource, flags: number): Steps<number> {
  const { task } = context;
  if (!(yield* lock(context, inode, SHARED, flags))) return EAGAIN;
  if (source.base > inode.isize) {
    inode.rwsem.release(task);
    // Nothing is zeroed for a write that will be refused (DIO-07, INV-18).
    if ((flags & (DirectFlag.NOWAIT | DirectFlag.OVERWRITE_ONLY)) !== 0) return EAGAIN;
    yield* lock(context, inode, EXCLUSIVE, flags);
    const error = yield* zeroBehindEnd(context, inode, source.base);
    if (error !== 0) {
      inode.rwsem.release(task);
      return error;
    }
    inode.rwsem.downgrade(task);
  }
  return yield* submit(context, inode, source, flags, xfsOps, directWrites);
}

/** Runs the request, drops L1, and waits for an asynchronous one without it. */
function* submit(
  context: Context,
  inode: XfsInode,
  source: WriteSource,
  flags: number,
  ops: MapOps,
  directOps: DirectOps<XfsInode>,
): Steps<number> {
  const request = new DirectRequest(context, inode, directOps, source.base, source.length, { source }, flags);
  const result = yield* directIo(context, ops, request);
  inode.rwsem.release(context.task);
  return result === EIOCBQUEUED ? yield* request.wait(context.task) : result;
}

/**
 * A write of part of a block: as a pure overwrite it may share the file with others; anything that zeroes around the data
 * has it alone (DIO-70). A file that may share blocks takes no such writes: nobody would read the rest of the block.
 */
function* writeUnaligned(context: Context, inode: XfsInode, source: WriteSource, flags: number): Steps<number> {
  const extends_ = source.base > inode.isize || source.end >= inode.isize;
  const nowait = (flags & DirectFlag.NOWAIT) !== 0;
  // Nothing is zeroed for a write that will be refused (DIO-07, INV-18).
  if (extends_ && (nowait || (source.end > inode.isize && (flags & DirectFlag.OVERWRITE_ONLY) !== 0))) return EAGAIN;
  if (!extends_) {
    if (!(yield* lock(context, inode, SHARED, flags))) return EAGAIN;
    const result = yield* unalignedLocked(context, inode, source, flags | DirectFlag.OVERWRITE_ONLY);
    if (result !== EAGAIN || nowait || (flags & DirectFlag.OVERWRITE_ONLY) !== 0) return result;
  }
  yield* lock(context, inode, EXCLUSIVE, flags);
  return yield* unalignedLocked(context, inode, source, flags | DirectFlag.FORCE_WAIT);
}

/** L1 is held, and dropped here. While it was waited for the end may have come nearer: then the write has to be alone. */
function* unalignedLocked(context: Context, inode: XfsInode, source: WriteSource, flags: number): Steps<number> {
  const { task } = context;
  const alone = (flags & DirectFlag.FORCE_WAIT) !== 0 && inode.rwsem.heldExclusive(task);
  let error = inode.reflinked || inode.cow.count > 0 ? ENOTBLK : 0;
  if (error === 0 && !alone && source.end >= inode.isize) error = EAGAIN;
  if (error === 0 && source.base > inode.isize) error = yield* zeroBehindEnd(context, inode, source.base);
  if (error !== 0) {
    inode.rwsem.release(task);
    return error;
  }
  if (alone && inode.direct.count > 0) yield* drainDirect(inode.direct, task);
  return yield* submit(context, inode, source, flags, xfsOps, directWrites);
}

/** The checks of generic_atomic_write_valid and of XFS: of what was asked for, before it is cut at the largest size. */
function canBeAtomic({ offset, length }: Call, { geometry }: Context): boolean {
  if (!Number.isInteger(Math.log2(length)) || offset % length !== 0) return false;
  return length >= geometry.blockSize && length <= ATOMIC_PAGES * geometry.pageSize;
}

/** In place if one protected bio can do it, else out of place. */
function* writeAtomic(context: Context, inode: XfsInode, source: WriteSource, flags: number): Steps<number> {
  const inPlace = yield* writeAligned(context, inode, source, flags);
  if (inPlace !== ENOPROTOOPT) return inPlace;
  if (!inode.fs.options.reflink) return EOPNOTSUPP;
  const result = yield* writeAside(context, inode, source, flags);
  // The copies of a request that failed are of no use to a file that shares nothing, and in the way of smaller writes.
  if (result < 0 && result !== EAGAIN) trimIdle(context, inode);
  return result;
}

/**
 * Out of place. Completion frees the old blocks, so no other request may be on its way to them (INV-41): L1 is held
 * exclusive until then.
 */
function* writeAside(context: Context, inode: XfsInode, source: WriteSource, flags: number): Steps<number> {
  const { task } = context;
  const refuses = (flags & (DirectFlag.NOWAIT | DirectFlag.OVERWRITE_ONLY)) !== 0;
  if (!(yield* lock(context, inode, EXCLUSIVE, flags))) return EAGAIN;
  let error = 0;
  if (refuses && (inode.direct.count > 0 || source.base > inode.isize)) error = EAGAIN;
  else if (source.base > inode.isize) error = yield* zeroBehindEnd(context, inode, source.base);
  if (error === 0 && inode.direct.count > 0) yield* drainDirect(inode.direct, task);
  if (error === 0) return yield* submit(context, inode, source, flags | DirectFlag.FORCE_WAIT, atomicOps, atomicWrites);
  inode.rwsem.release(task);
  return error;
}

/** The same write through the page cache, with the sync it asked for. */
function* fallBack(context: Context, inode: XfsInode, source: WriteSource, flags: number): Steps<number> {
  const nowait = (flags & DirectFlag.NOWAIT) !== 0;
  const result = yield* writeThroughCache(context, inode, source.base, source, nowait);
  if (result <= 0 || (flags & (DirectFlag.DSYNC | DirectFlag.SYNC)) === 0) return result;
  const sync = (flags & DirectFlag.SYNC) !== 0 ? syncFile : dataSyncFile;
  const error = yield* sync(context, inode, source.base, source.base + result);
  return error !== 0 ? error : result;
}
