/**
 * pread through the page cache (section 3 of pagecache.md): at once when everything is cached, else with readahead and
 * single folio reads under the invalidate lock (PC-26). The caller holds L1 shared, as XFS does.
 *
 * Readahead is simple: the folios of the request, and at the start of a file a small window behind it, always in folios of
 * the smallest size. What is read ahead shows only in SEEK over unwritten blocks, where it may vary (SEEK-04).
 */
import { type Bytes, EAGAIN, EFAULT, EIO, ENOMEM, type Errno, type Steps, Y } from '../../model/contract/index.js';
import type { Folio } from '../cache/folio.js';
import { lockFolio, waitUnlocked } from '../cache/lock-folio.js';
import type { PageCache } from '../cache/page-cache.js';
import { acquire, SHARED } from '../sync/index.js';
import { after } from './after.js';
import type { CachedInode } from './cached-inode.js';
import { readFolios } from './folio-read.js';
import type { MapOps } from './iteration.js';
import type { Context } from './platform.js';
import type { ReadBuffer } from './user-buffer.js';

/** Pages of the largest readahead window (128 KiB of 4 KiB pages). */
const WINDOW_PAGES = 32;

/** The largest power of two blocks a folio can be asked about at once: content for [pos, …) up to where it ends. */
export function contentEnd(folio: Folio, pos: Bytes, blockSize: Bytes): Bytes {
  if (folio.uptodate) return folio.end;
  if (!folio.hasBlockState) return pos;
  const block = Math.floor((pos - folio.pos) / blockSize);
  return Math.max(pos, folio.pos + folio.nextNotUptodate(block, folio.blocks) * blockSize);
}

/** Copies what is cached of [pos, end), as far as the file, the cache and the user's memory go. Returns where it stopped. */
function copyCached(inode: CachedInode, pos: Bytes, end: Bytes, to: ReadBuffer): Bytes {
  const { cache } = inode;
  const stop = Math.min(end, inode.isize, to.wall);
  let at = pos;
  while (at < stop) {
    const folio = cache.find(at);
    if (folio === null) break;
    const until = Math.min(stop, contentEnd(folio, at, cache.blockSize));
    if (until <= at) break;
    to.copyFrom(cache.memory.bytes, folio.at + (at - folio.pos), at, until - at);
    at = until;
  }
  return at;
}

/** pread: at most `isize - pos` bytes (PC-28). -EAGAIN under `nowait` when it would have to read. */
export function bufferedRead(
  context: Context,
  inode: CachedInode,
  ops: MapOps,
  pos: Bytes,
  length: Bytes,
  to: ReadBuffer,
  nowait = false,
): number | Steps<number> {
  const end = pos + length;
  if (context.task.observed) return readSteps(context, inode, ops, pos, pos, end, to, nowait);
  const at = copyCached(inode, pos, end, to);
  if (at < Math.min(end, inode.isize, to.wall)) return readSteps(context, inode, ops, pos, at, end, to, nowait);
  if (at > pos) return at - pos;
  return at < Math.min(end, inode.isize) ? EFAULT : 0;
}

/** Goes on from `at` with whatever waiting it takes. */
function* readSteps(
  context: Context,
  inode: CachedInode,
  ops: MapOps,
  pos: Bytes,
  from: Bytes,
  end: Bytes,
  to: ReadBuffer,
  nowait: boolean,
): Steps<number> {
  let at = from;
  let error: Errno = 0;
  for (;;) {
    const folio = inode.cache.find(at);
    // PC-28: the size is looked at after the content is known to be there.
    const until = folio === null ? at : Math.min(end, contentEnd(folio, at, inode.cache.blockSize));
    if (until > at) {
      at = copyCached(inode, at, until, to);
      if (at < until) break;
      if (at >= end) break;
      if (context.task.stopsAt(Y['Y-RD4'])) yield Y['Y-RD4'];
      continue;
    }
    if (at >= Math.min(end, inode.isize)) break;
    if (at >= to.wall) break;
    if (nowait) error = EAGAIN;
    else error = yield* bringUptodate(context, inode, ops, at, end);
    if (error !== 0) break;
  }
  if (at > pos) return at - pos;
  if (error !== 0) return error;
  return at >= to.wall && at < Math.min(end, inode.isize) ? EFAULT : 0;
}

/**
 * Makes byte `at` uptodate in the cache, reading ahead up to `end`: 0, or the errno the reader gets. A fault has no errno to
 * give: it waits for memory instead of failing (`inFault`).
 */
export function bringUptodate(
  context: Context,
  inode: CachedInode,
  ops: MapOps,
  at: Bytes,
  end: Bytes,
  inFault = false,
): Steps<Errno> {
  const folio = inode.cache.find(at);
  return folio === null ? readMissing(context, inode, ops, at, end, inFault) : readOne(context, inode, ops, folio, at);
}

function* readMissing(
  context: Context,
  inode: CachedInode,
  ops: MapOps,
  at: Bytes,
  end: Bytes,
  inFault: boolean,
): Steps<Errno> {
  const { cache, invalidateLock } = inode;
  const { task } = context;
  if (!invalidateLock.tryAcquire(task, SHARED)) yield* acquire(invalidateLock, task, SHARED);
  const read = readWindow(context, inode, ops, at, end, inFault);
  const errno = typeof read === 'number' ? read : yield* read;
  invalidateLock.release(task);
  if (errno !== 0) return errno;
  const added = cache.find(at);
  if (added?.locked) yield* waitUnlocked(cache, added, task, Y['Y-RD3']);
  return 0;
}

/**
 * Reads a folio that is cached and not uptodate at `at`, and waits for it. While anything was waited for it may have left
 * the cache, or been split so that it does not hold `at` any more: then there is nothing to report, the caller looks again.
 */
function* readOne(context: Context, inode: CachedInode, ops: MapOps, folio: Folio, at: Bytes): Steps<Errno> {
  const { cache, invalidateLock } = inode;
  const { task } = context;
  if (!invalidateLock.tryAcquire(task, SHARED)) yield* acquire(invalidateLock, task, SHARED);
  let errno: Errno = 0;
  if (cache.find(at) === folio && (cache.tryLock(folio, task) || (yield* lockFolio(cache, folio, task, Y['Y-RD3'])))) {
    if (lacks(cache, folio, at)) {
      cache.get(folio);
      const read = readFolios(context, inode, ops, [folio]);
      errno = typeof read === 'number' ? read : yield* read;
      if (folio.locked) yield* waitUnlocked(cache, folio, task, Y['Y-RD3']);
      errno = lacks(cache, folio, at) ? (errno !== 0 ? errno : EIO) : 0;
      cache.put(folio);
    } else cache.unlock(folio);
  }
  invalidateLock.release(task);
  return errno;
}

/** The folio is the one that holds byte `at`, which is not uptodate. */
function lacks(cache: PageCache, folio: Folio, at: Bytes): boolean {
  return cache.find(at) === folio && contentEnd(folio, at, cache.blockSize) <= at;
}

/** Adds the missing folios of a window that starts at `at` and starts their reads. L3 is held shared. */
function readWindow(
  context: Context,
  inode: CachedInode,
  ops: MapOps,
  at: Bytes,
  end: Bytes,
  inFault: boolean,
): Errno | Steps<Errno> {
  const unit = inode.cache.smallest;
  const first = at - (at % unit);
  const last = Math.min(windowEnd(first, end, unit), inode.isize);
  return readRuns(context, inode, ops, first, first, Math.max(last, first + 1), inFault);
}

/** The same for what begins in [from, to), a run without gaps at a time. -ENOMEM if there is no memory even for `first`. */
function readRuns(
  context: Context,
  inode: CachedInode,
  ops: MapOps,
  first: Bytes,
  from: Bytes,
  to: Bytes,
  inFault: boolean,
): Errno | Steps<Errno> {
  const { cache } = inode;
  const unit = cache.smallest;
  const run: Folio[] = [];
  let rest = to;
  for (let pos = from; pos < to; pos += unit) {
    if (cache.find(pos) !== null) {
      if (run.length === 0) continue;
      rest = pos + unit;
      break;
    }
    if (!(inFault && pos === first) && context.chooser.choose(2, 'folio-allocation') === 1) {
      if (pos === first) return ENOMEM;
      break;
    }
    run.push(cache.add(pos, unit, context.task));
  }
  if (run.length === 0) return 0;
  // A begin that failed shows as a folio that is not uptodate: the reader then reads that one by itself.
  const read = readFolios(context, inode, ops, run);
  const next = (): Errno | Steps<Errno> => (rest < to ? readRuns(context, inode, ops, first, rest, to, inFault) : 0);
  return typeof read === 'number' ? next() : after(read, next);
}

/** The kernel's initial window at the start of a file; elsewhere just the request. */
function windowEnd(first: Bytes, end: Bytes, unit: Bytes): Bytes {
  const asked = Math.min(Math.ceil((end - first) / unit), WINDOW_PAGES);
  if (first !== 0) return first + asked * unit;
  const rounded = 2 ** Math.ceil(Math.log2(Math.max(1, asked)));
  const factor = rounded <= WINDOW_PAGES / 32 ? 4 : rounded <= WINDOW_PAGES / 4 ? 2 : 1;
  return Math.min(rounded * factor, WINDOW_PAGES) * unit;
}

/** Starts reads of the folios of [pos, pos + length) that are not cached, without waiting for them. */
export function* readAhead(context: Context, inode: CachedInode, ops: MapOps, pos: Bytes, length: Bytes): Steps<void> {
  const { invalidateLock } = inode;
  const end = Math.min(pos + length, inode.isize);
  if (pos < 0 || pos >= end) return;
  if (!invalidateLock.tryAcquire(context.task, SHARED)) yield* acquire(invalidateLock, context.task, SHARED);
  const read = readWindow(context, inode, ops, pos, end, false);
  if (typeof read !== 'number') yield* read;
  invalidateLock.release(context.task);
}
