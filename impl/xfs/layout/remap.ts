/**
 * What clone, dedupe and copy have in common: the argument checks of Linux (generic_remap_file_range_prep), preparing
 * both files, comparing for dedupe, and sharing. L1 and L3 of both files are held exclusive.
 */
import {
  type Bytes,
  EFBIG,
  EINVAL,
  type Errno,
  LARGEST_FILE,
  roundDown,
  roundUp,
  type Steps,
} from '../../../model/contract/index.js';
import { type Context, writeAndWait } from '../../library/index.js';
import { drainDirect } from '../../sync/index.js';
import type { XfsInode } from '../inode.js';
import { sameBytes } from './compare.js';
import { flushAndDrop } from './punch.js';
import { shareBlocks } from './share.js';
import { zeroTail } from './size.js';

/** The ranges differ (dedupe); not an errno. */
export const DIFFERS = 1;

export interface RemapRequest {
  readonly source: XfsInode;
  readonly from: Bytes;
  readonly target: XfsInode;
  readonly to: Bytes;
  /** 0: to the end of the source, unless deduping. */
  readonly length: Bytes;
  readonly dedupe: boolean;
  /** Less than asked for will do. */
  readonly mayShorten: boolean;
}

/** How many bytes can be shared: the request cut to what alignment and sizes permit, an errno, or 0 for nothing to do. */
export function remapLength(request: RemapRequest): number {
  const { source, from, target, to, dedupe, mayShorten } = request;
  const { blockSize } = source.fs;
  let { length } = request;
  if (length === 0) {
    if (dedupe || from === source.isize) return 0;
    if (from > source.isize) return EINVAL;
    length = source.isize - from;
  }
  if (from % blockSize !== 0 || to % blockSize !== 0) return EINVAL;
  if (dedupe && (from >= source.isize || from + length > source.isize)) return EINVAL;
  if (dedupe && (to >= target.isize || to + length > target.isize)) return EINVAL;
  if (from >= source.isize) return EINVAL;
  let count = Math.min(length, source.isize - from);
  if (to >= LARGEST_FILE) return EFBIG;
  count = Math.min(count, LARGEST_FILE - to);
  const toSourceEnd = from + count === source.isize && (!dedupe || to + count === target.isize);
  if (!toSourceEnd) count = roundDown(count, blockSize);
  const covered = toSourceEnd ? roundUp(source.isize, blockSize) - from : count;
  if (source === target && to + covered > from && to < from + covered) return EINVAL;
  if (count !== length && !mayShorten) return EINVAL;
  return count;
}

/** The last, partial block of a source can be shared only where the target ends. */
function cutPartialBlock(request: RemapRequest, length: Bytes): number {
  const { source, target, to, mayShorten } = request;
  const rest = length % source.fs.blockSize;
  if (rest === 0 || to + length >= target.isize) return length;
  return mayShorten ? length - rest : EINVAL;
}

/** Clones or dedupes; `done.bytes` is what was shared. Returns 0, an errno, or DIFFERS. */
export function* remap(context: Context, request: RemapRequest, done: { bytes: Bytes }): Steps<number> {
  const { source, from, target, to } = request;
  done.bytes = 0;
  const length = remapLength(request);
  if (length <= 0) return length;
  if (source.direct.count > 0) yield* drainDirect(source.direct, context.task);
  if (target.direct.count > 0) yield* drainDirect(target.direct, context.task);
  let written = writeAndWait(context, source, from, from + length);
  let error = typeof written === 'number' ? written : yield* written;
  if (error !== 0) return error;
  written = writeAndWait(context, target, to, to + length);
  error = typeof written === 'number' ? written : yield* written;
  if (error !== 0) return error;
  if (request.dedupe) {
    const same = yield* sameBytes(context, source, from, target, to, length);
    if (same < 0) return same;
    if (same === 0) return DIFFERS;
  }
  const shared = cutPartialBlock(request, length);
  if (shared <= 0) return shared;
  error = yield* prepareTarget(context, target, to, shared);
  if (error !== 0) return error;
  markReflinked(context, source);
  markReflinked(context, target);
  yield* shareBlocks(context, source, from, target, to, shared);
  // The block of the end comes with what lies behind it.
  if (source.unknownTail && shared % source.fs.blockSize !== 0) target.unknownTail = true;
  done.bytes = shared;
  return 0;
}

/** The flag is on the device before anything is shared: without it nobody would look whether a block is. */
function markReflinked(context: Context, inode: XfsInode): void {
  if (inode.reflinked) return;
  const transaction = inode.fs.begin(context.task);
  inode.reflinked = true;
  inode.fs.commit(transaction, inode, context.task);
}

/** Zeroes what the target has behind its end, and takes the target's range out of the cache. */
function* prepareTarget(context: Context, target: XfsInode, to: Bytes, length: Bytes): Steps<Errno> {
  const end = target.isize;
  if (to > end) {
    const error = yield* zeroTail(context, target, to);
    if (error !== 0) return error;
  }
  return yield* flushAndDrop(context, target, Math.min(to, end), to + length);
}
