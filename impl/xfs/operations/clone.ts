/** reflink, dedupe and copy: three callers of one remapping. */
import {
  type Bytes,
  type Call,
  EBUSY,
  EFBIG,
  EINVAL,
  EOPNOTSUPP,
  LARGEST_FILE,
  type Steps,
} from '../../../model/contract/index.js';
import { bufferedRead, type Context, ReadBuffer, WriteSource } from '../../library/index.js';
import { acquire, SHARED } from '../../sync/index.js';
import type { XfsInode } from '../inode.js';
import { DIFFERS, type RemapRequest, remap } from '../layout/remap.js';
import { lockTwo, unlockTwo } from '../locking.js';
import { xfsOps } from '../map/ops.js';
import { fail, type Operation, settle } from './operation.js';
import { writeThroughCache } from './write.js';

/** The largest range one dedupe call looks at. */
const LARGEST_DEDUPE = 2 ** 30;
/** What in-kernel copying moves at a time: a pipe of 16 pages. */
const PIPE_PAGES = 16;

function* locked(context: Context, request: RemapRequest, done: { bytes: Bytes }): Steps<number> {
  const waiting = lockTwo(request.source, request.target, context.task);
  if (waiting !== null) yield* waiting;
  const result = yield* remap(context, request, done);
  unlockTwo(request.source, request.target, context.task);
  return result;
}

function badRange(call: Call): boolean {
  return call.offset < 0 || call.fromOffset < 0 || call.length < 0;
}

/** FICLONERANGE: all or nothing. */
export const reflink: Operation = function* (call, fs, context, answer) {
  if (badRange(call)) return fail(answer, EINVAL);
  if (!fs.options.reflink) return fail(answer, EOPNOTSUPP);
  const request = requestOf(call, call.length, fs.inode(call.fromFile), fs.inode(call.file), false);
  return fail(answer, yield* locked(context, request, { bytes: 0 }));
};

/** FIDEDUPERANGE: `differs` and no error when the bytes differ. */
export const dedupe: Operation = function* (call, fs, context, answer) {
  if (badRange(call)) return fail(answer, EINVAL);
  const source = fs.inode(call.fromFile);
  if (call.fromOffset + call.length > source.isize) return fail(answer, EINVAL);
  if (call.length === 0) return answer;
  if (!fs.options.reflink) return fail(answer, EOPNOTSUPP);
  const length = Math.min(call.length, LARGEST_DEDUPE);
  const request = requestOf(call, length, source, fs.inode(call.file), true);
  const result = yield* locked(context, request, { bytes: 0 });
  if (result < 0) return fail(answer, result);
  if (result === DIFFERS) answer.differs = true;
  else answer.count = length;
  return answer;
};

function requestOf(call: Call, length: Bytes, source: XfsInode, target: XfsInode, dedupe: boolean): RemapRequest {
  return { source, from: call.fromOffset, target, to: call.offset, length, dedupe, mayShorten: dedupe };
}

/** copy_file_range until all is copied: shares what alignment permits, copies the rest through the cache. */
export const copy: Operation = function* (call, fs, context, answer) {
  if (badRange(call)) return fail(answer, EINVAL);
  if (call.offset >= LARGEST_FILE) return fail(answer, EFBIG);
  const source = fs.inode(call.fromFile);
  const target = fs.inode(call.file);
  let copied = 0;
  let spliced = false;
  // What the source holds when the copy begins is what it can give, also if it is the target and grows.
  const available = Math.min(call.length, Math.max(0, source.isize - call.fromOffset));
  while (copied < available) {
    const from = call.fromOffset + copied;
    const to = call.offset + copied;
    let length = Math.min(available - copied, Math.max(0, source.isize - from));
    if (to >= LARGEST_FILE) break;
    length = Math.min(length, LARGEST_FILE - to);
    if (source === target && to + length > from && to < from + length)
      return copied > 0 ? settle(answer, copied) : fail(answer, EINVAL);
    if (length === 0) break;
    const request = { source, from, target, to, length, dedupe: false, mayShorten: true };
    const cloned: number = spliced ? 0 : yield* cloneOnce(context, request);
    if (cloned === EBUSY) return copied > 0 ? settle(answer, copied) : fail(answer, EBUSY);
    // What began to be copied goes on so: a short write must not make the rest a clone only because it ended on a block.
    spliced = cloned <= 0;
    const bytes = spliced ? yield* splice(context, request) : cloned;
    if (bytes <= 0) return copied > 0 ? settle(answer, copied) : settle(answer, bytes);
    copied += bytes;
  }
  return settle(answer, copied);
};

/** A clone as copy_file_range tries it first: bytes cloned, 0 where that cannot be, or EBUSY. */
function* cloneOnce(context: Context, request: RemapRequest): Steps<number> {
  if (!request.source.fs.options.reflink) return 0;
  const done = { bytes: 0 };
  const result = yield* locked(context, request, done);
  if (result === EBUSY) return EBUSY;
  return result === 0 ? done.bytes : 0;
}

function* splice(context: Context, request: RemapRequest): Steps<number> {
  const { source, target, from, to, length } = request;
  const { pageSize } = context.geometry;
  const pipe = context.pipeOf(PIPE_PAGES * pageSize);
  for (let done = 0; done < length; ) {
    // Each buffer of the pipe is (part of) one page, so a copy from the middle of a page moves less the first time.
    const room = PIPE_PAGES * pageSize - ((from + done) % pageSize);
    const wanted = Math.min(room, length - done);
    const count = yield* load(context, source, from + done, wanted, pipe);
    if (count <= 0) return done > 0 ? done : count;
    const bytes = new WriteSource(to + done, count, -1, 0, pipe);
    const written = yield* writeThroughCache(context, target, to + done, bytes, false);
    if (written < 0) return done > 0 ? done : written;
    done += written;
    if (written < count) return done;
  }
  return length;
}

function* load(context: Context, inode: XfsInode, pos: Bytes, length: Bytes, into: Uint8Array): Steps<number> {
  if (!inode.rwsem.tryAcquire(context.task, SHARED)) yield* acquire(inode.rwsem, context.task, SHARED);
  const count = bufferedRead(context, inode, xfsOps, pos, length, new ReadBuffer(pos, length, -1, { bytes: into }));
  const result = typeof count === 'number' ? count : yield* count;
  inode.rwsem.release(context.task);
  return result;
}
