/**
 * Direct I/O: the start of a request, what each mapping type means for it, and the end of submission (sections 2 to 4 of
 * direct-io.md). A page that cannot be pinned is reported even if the tail of its block was zeroed for it (DIO-30).
 *
 * Left out: replacing the submission of bios by the file system, and bounce buffers, because no file system here has either.
 */
import {
  type Bytes,
  EAGAIN,
  EFAULT,
  EINVAL,
  EIO,
  EIOCBQUEUED,
  ENOTBLK,
  type Errno,
  Ev,
  MapFlag,
  MapType,
  OpFlag,
  type OpFlags,
  roundDown,
  roundUp,
  type Steps,
  Y,
} from '../../model/contract/index.js';
import { invalidateRange } from '../cache/invalidate.js';
import { hasCached, needsWriteback } from './cache-control.js';
import { DirectBio, zeroMemory } from './direct-bio.js';
import { DirectFlag, type DirectRequest, EndIoFlag } from './direct-request.js';
import { iterate } from './iterate.js';
import type { Iteration, IterationPoints, MapOps } from './iteration.js';
import type { Context } from './platform.js';
import { writeAndWait } from './wait.js';

const READ_POINTS: IterationPoints = { before: null, after: Y['Y-DR2'], beforeEnd: null, afterEnd: null };
const WRITE_POINTS: IterationPoints = { before: null, after: Y['Y-DW3'], beforeEnd: null, afterEnd: null };

/** Pages of the largest bio (DIO-28). */
const BIO_PAGES = 64;

/**
 * Runs a request to its end: the count (with `doneBefore` if positive), or an errno. -ENOTBLK: nothing was written, go
 * through the page cache; `request.fallback`: the same for what the count does not cover. -EIOCBQUEUED, only with ASYNC:
 * release the locks and `yield* request.wait(task)`. The caller holds L1 as its file system's rules say (DIO-71).
 */
export function* directIo(context: Context, ops: MapOps, request: DirectRequest): Steps<number> {
  if (request.length === 0) return 0;
  const refused = yield* request.isWrite ? startWrite(context, request) : startRead(context, request);
  const { inode, pos } = request;
  const { task, sink } = context;
  if (refused === ENOTBLK) sink.emit(Ev['dio-fallback'], inode.id, pos, request.length, request.serial);
  if (refused !== STARTED) return refused;
  inode.direct.begin(request.isWrite, pos, pos + request.length);
  if (!request.isWrite) context.platform.reads.begin();
  sink.emit(Ev['dio-begin'], inode.id, pos, request.length, request.serial);
  const submitted = submitAll(context, ops, request);
  const result = typeof submitted === 'number' ? submitted : yield* submitted;
  let wait = !request.has(DirectFlag.ASYNC) || request.has(DirectFlag.FORCE_WAIT);
  if (result === EFAULT && request.size > 0 && request.has(DirectFlag.PARTIAL)) {
    // DIO-36: progress counts.
    if (!request.has(DirectFlag.NOWAIT)) wait = true;
  } else if (result === ENOTBLK) {
    // DIO-37
    wait = true;
    request.fallback = true;
    sink.emit(Ev['dio-fallback'], inode.id, pos + request.size, request.length - request.size, request.serial);
  } else if (result < 0) request.fail(result);
  if (request.writeThrough) request.needSync = false;
  if (!wait && request.queue()) {
    sink.emit(Ev['dio-queued'], inode.id, pos, request.size, request.serial);
    return EIOCBQUEUED;
  }
  yield* request.waitForBios(task, request.isWrite ? Y['Y-DW5'] : Y['Y-DR3']);
  return yield* request.complete(context);
}

/** What the start functions say when the request goes on. */
const STARTED = 1;

/** DIO-02, DIO-03. */
function* startRead(context: Context, request: DirectRequest): Steps<number> {
  const { inode, pos } = request;
  const end = pos + request.length;
  if (pos >= request.sizeAtStart) return 0;
  if (request.has(DirectFlag.NOWAIT)) {
    if (needsWriteback(inode, pos, end)) return EAGAIN;
  } else {
    const written = writeAndWait(context, inode, pos, end);
    const errno = typeof written === 'number' ? written : yield* written;
    if (errno !== 0) return errno;
  }
  if (context.task.stopsAt(Y['Y-DR1'])) yield Y['Y-DR1'];
  return STARTED;
}

/** DIO-05 … DIO-08. */
function* startWrite(context: Context, request: DirectRequest): Steps<number> {
  const { inode, pos } = request;
  const { task } = context;
  const end = pos + request.length;
  if (request.has(DirectFlag.OVERWRITE_ONLY) && end > request.sizeAtStart) return EAGAIN;
  request.needSync = request.has(DirectFlag.DSYNC | DirectFlag.SYNC);
  request.writeThrough = request.has(DirectFlag.DSYNC) && !request.has(DirectFlag.SYNC);
  if (request.has(DirectFlag.NOWAIT)) {
    if (hasCached(inode, pos, end)) return EAGAIN;
    return STARTED;
  }
  const written = writeAndWait(context, inode, pos, end);
  let errno = typeof written === 'number' ? written : yield* written;
  if (task.stopsAt(Y['Y-DW1'])) yield Y['Y-DW1'];
  if (errno === 0 && hasCached(inode, pos, end))
    errno = yield* invalidateRange(inode.cache, task, pos, end, Y['Y-DW1']);
  if (errno !== 0) return request.has(DirectFlag.ATOMIC) ? EAGAIN : ENOTBLK;
  if (task.stopsAt(Y['Y-DW2'])) yield Y['Y-DW2'];
  return STARTED;
}

function operationFlags(request: DirectRequest): OpFlags {
  let flags: OpFlags = OpFlag.DIRECT;
  if (request.isWrite) flags |= OpFlag.WRITE;
  if (request.has(DirectFlag.NOWAIT)) flags |= OpFlag.NOWAIT;
  if (request.has(DirectFlag.OVERWRITE_ONLY)) flags |= OpFlag.OVERWRITE_ONLY;
  if (request.has(DirectFlag.ATOMIC)) flags |= OpFlag.ATOMIC;
  return flags;
}

/** Iterates over the range and submits. 0 or the errno that ended it. */
function submitAll(context: Context, ops: MapOps, request: DirectRequest): Errno | Steps<Errno> {
  const { inode, pos } = request;
  const { iterations } = context.platform;
  // A read never needs what lies behind the block of the end of the file; the excess is cut anyway (DIO-21, DIO-45).
  const end = request.isWrite
    ? pos + request.length
    : Math.min(pos + request.length, roundUp(request.sizeAtStart, context.geometry.blockSize));
  const iteration = iterations.take(context, inode, ops, pos, end - pos, operationFlags(request));
  const points = request.isWrite ? WRITE_POINTS : READ_POINTS;
  return iterate(iteration, points, { serve: () => transfer(context, request, iteration) });
}

/** The table of section 3. MAP-67: an errno is reported only without progress in this mapping. */
function transfer(context: Context, request: DirectRequest, iteration: Iteration): Errno | Steps<Errno> {
  const { iomap } = iteration;
  switch (iomap.type) {
    case MapType.MAPPED:
      return transferBios(context, request, iteration);
    case MapType.UNWRITTEN:
      return request.isWrite ? transferBios(context, request, iteration) : fillHole(request, iteration);
    case MapType.HOLE:
      return request.isWrite ? EIO : fillHole(request, iteration);
    case MapType.INLINE:
      return transferInline(request, iteration);
    default:
      return EIO;
  }
}

/** Zeroes for the rest of the mapping, as far as the buffer goes. */
function fillHole(request: DirectRequest, iteration: Iteration): Errno {
  const length = request.target!.reachable(iteration.pos, iteration.rest);
  if (length === 0) return EFAULT;
  request.target!.zero(iteration.pos, length);
  request.size += length;
  iteration.advance(length);
  return 0;
}

function transferInline(request: DirectRequest, iteration: Iteration): Errno {
  const { inode, source, target } = request;
  const { pos, iomap, rest } = iteration;
  const memory = iomap.inlineData!;
  const at = pos - iomap.offset;
  const length = (source ?? target)!.reachable(pos, rest);
  if (length === 0) return EFAULT;
  if (source !== null) {
    const size = inode.isize;
    if (pos > size) memory.fill(0, size - iomap.offset, at);
    source.copyTo(pos, memory, at, length);
    if (pos + length > size) inode.setSize(pos + length);
  } else target!.copyFrom(memory, at, pos, length);
  request.size += length;
  iteration.advance(length);
  return 0;
}

/** True if the bio may carry FUA; anything else ends the hope that the sync is needless (DIO-26). */
function mayUseFua(request: DirectRequest, iteration: Iteration): boolean {
  const { iomap } = iteration;
  const hindered = MapFlag.SHARED | MapFlag.NEW | MapFlag.DIRTY;
  return request.writeThrough && iomap.type === MapType.MAPPED && (iomap.flags & hindered) === 0;
}

function* transferBios(context: Context, request: DirectRequest, iteration: Iteration): Steps<Errno> {
  const { geometry, task } = context;
  const { inode } = request;
  const { iomap } = iteration;
  const { rest } = iteration;
  const start = iteration.pos;
  const aligned = request.has(DirectFlag.FSBLOCK_ALIGNED) ? geometry.blockSize : geometry.sectorSize;
  if (start % aligned !== 0 || rest % aligned !== 0) return EINVAL;
  // Buffers begin at a page, and the device takes whole sectors of memory: behind zeroes for a piece of one it is askew.
  if ((start - request.pos) % geometry.sectorSize !== 0) return EINVAL;
  const reachable = roundDown((request.source ?? request.target)!.reachable(start, rest), aligned);
  // Where the rest of a block is not copied, no part of it is written (DIO-24). Another request may have staged copies
  // since this one stopped inside a block at the end of its buffer: that is what it reports then (DIO-30).
  const unit = request.isWrite && (iomap.flags & MapFlag.SHARED) !== 0 ? geometry.blockSize : aligned;
  if (reachable > 0 && (start % unit !== 0 || rest % unit !== 0)) return EINVAL;
  const atomic = request.isWrite && (iomap.flags & MapFlag.ATOMIC_BIO) !== 0;
  if (atomic && rest !== iteration.length) return EINVAL;
  const zeroing = request.isWrite && (iomap.type === MapType.UNWRITTEN || (iomap.flags & MapFlag.NEW) !== 0);
  const fua = request.isWrite && mayUseFua(request, iteration);
  if (request.isWrite) {
    if (iomap.type === MapType.UNWRITTEN) request.endIoFlags |= EndIoFlag.UNWRITTEN;
    if (!fua) request.writeThrough = false;
  }
  // Nothing can be pinned: not even the zeroes in front of the data are worth writing.
  if (roundDown(reachable, unit) === 0) return EFAULT;
  if (zeroing) submitZeroes(context, request, iteration, roundDown(start, geometry.blockSize), start);
  const most = atomic ? rest : BIO_PAGES * geometry.pageSize;
  const stop = start + rest;
  let at = start;
  let errno: Errno = 0;
  while (at < stop) {
    if (at > start && request.isWrite && task.stopsAt(Y['Y-DW4'])) yield Y['Y-DW4'];
    if (request.error !== 0) break;
    const length = roundDown((request.source ?? request.target)!.reachable(at, Math.min(most, stop - at)), unit);
    if (length === 0) {
      errno = EFAULT;
      break;
    }
    if (atomic && length !== rest) return EINVAL;
    submitData(context, request, iteration, at, length, fua, atomic);
    at += length;
  }
  // DIO-22: the end of what was really submitted, also when submission stopped early.
  if (request.isWrite && (zeroing || at >= inode.isize))
    submitZeroes(context, request, iteration, at, roundUp(at, geometry.blockSize));
  if (request.isWrite && (iomap.flags & MapFlag.SHARED) !== 0) request.copied(start, at);
  iteration.advance(at - start);
  return at > start ? 0 : errno;
}

function submitData(
  context: Context,
  request: DirectRequest,
  iteration: Iteration,
  at: Bytes,
  length: Bytes,
  fua: boolean,
  atomic: boolean,
): void {
  const addr = iteration.address(iteration.iomap, at);
  let memory: Uint8Array;
  if (request.source !== null) {
    // No request can store more than the device holds.
    const { deviceBlocks, blockSize } = context.geometry;
    request.bytes ??= new Uint8Array(Math.min(request.length, deviceBlocks * blockSize));
    memory = request.bytes;
    request.source.copyTo(at, memory, at - request.pos, length);
  } else memory = request.target!.bytes;
  const place = request.source !== null ? at - request.pos : at - request.target!.base;
  request.size += length;
  request.submit(context, new DirectBio(request, at, length, addr, memory, place, fua, atomic));
}

/** Zeroes for [from, to) as an ordinary write of the request (DIO-22, DIO-23). */
function submitZeroes(context: Context, request: DirectRequest, iteration: Iteration, from: Bytes, to: Bytes): void {
  if (from >= to) return;
  const addr = iteration.address(iteration.iomap, from);
  request.submit(context, new DirectBio(request, from, to - from, addr, zeroMemory(to - from), 0, false, false));
}
