/**
 * Loads and stores through a shared mapping: read faults, write faults (section 6 of pagecache.md) and the accesses
 * themselves. A view is writable or not by folio. The reference marks the whole folio dirty at the first mapping; here each
 * mapping dirties what it covers, so that D never stands on a block without space (H-6), and never behind the end.
 */
import {
  type Bytes,
  EFAULT,
  EIO,
  type Errno,
  MapType,
  OpFlag,
  roundUp,
  type Steps,
  Y,
} from '../../model/contract/index.js';
import type { Folio } from '../cache/folio.js';
import { lockFolio } from '../cache/lock-folio.js';
import type { PageCache } from '../cache/page-cache.js';
import { protectRange } from '../cache/views.js';
import { acquire, SHARED } from '../sync/index.js';
import { bringUptodate } from './buffered-read.js';
import type { CachedInode } from './cached-inode.js';
import { type Body, iterate } from './iterate.js';
import type { Iteration, IterationPoints, MapOps } from './iteration.js';
import type { Context } from './platform.js';
import type { ReadBuffer, WriteSource } from './user-buffer.js';

const POINTS: IterationPoints = { before: Y['Y-MK3'], after: Y['Y-MK2'], beforeEnd: null, afterEnd: null };

/** The end of what can be mapped: the last page that holds a byte of the file. */
function mappableEnd(context: Context, inode: CachedInode): Bytes {
  return roundUp(inode.isize, context.geometry.pageSize);
}

/**
 * Loads [pos, pos + length), page by page. Bytes loaded, or an errno when the first page could not be had: -EFAULT stands
 * for SIGBUS behind the end, the errno of the read for SIGBUS after one.
 */
export function* mapLoad(
  context: Context,
  inode: CachedInode,
  ops: MapOps,
  pos: Bytes,
  length: Bytes,
  to: ReadBuffer,
): Steps<number> {
  const { cache } = inode;
  const end = pos + length;
  let at = pos;
  let error: Errno = 0;
  while (at < end) {
    const limit = mappableEnd(context, inode);
    if (at >= limit) {
      error = EFAULT;
      break;
    }
    const folio = cache.find(at);
    if (folio === null || !folio.uptodate) {
      error = yield* bringUptodate(context, inode, ops, wantedOf(folio, at, cache.blockSize), at + 1, true);
      if (error !== 0) break;
      continue;
    }
    const stop = Math.min(end, folio.end, limit);
    to.copyFrom(cache.memory.bytes, folio.at + (at - folio.pos), at, stop - at);
    at = stop;
    if (at < end && context.task.stopsAt(Y['Y-RD4'])) yield Y['Y-RD4'];
  }
  return at > pos ? at - pos : error;
}

/** Faults need the whole folio: the first place of it that is missing. */
function wantedOf(folio: Folio | null, at: Bytes, blockSize: Bytes): Bytes {
  if (folio === null || !folio.hasBlockState) return at;
  return folio.pos + folio.nextNotUptodate(0, folio.blocks) * blockSize;
}

/**
 * Stores the bytes of `from`, page by page, with a write fault where the folio is not writable. The mapping ends with the
 * call unless the inode has lasting ones (`inode.mappings`). Result as for `mapLoad`; the file system's errno (-ENOSPC …)
 * is passed on. Without `behindEnd` no store lands behind the end of the file as it is at that moment, though the page
 * would take it: a truncate may have come while a fault waited.
 */
export function* mapStore(
  context: Context,
  inode: CachedInode,
  ops: MapOps,
  from: WriteSource,
  behindEnd = true,
): Steps<number> {
  const { cache } = inode;
  const { base, end } = from;
  let at = base;
  let error: Errno = 0;
  while (at < end) {
    const limit = behindEnd ? mappableEnd(context, inode) : inode.isize;
    if (at >= limit) {
      error = EFAULT;
      break;
    }
    const folio = cache.find(at);
    if (folio === null || !folio.uptodate || !folio.writable) {
      error = yield* writeFault(context, inode, ops, at);
      if (error !== 0) break;
      if (context.task.stopsAt(Y['Y-MK4'])) yield Y['Y-MK4'];
      continue;
    }
    const stop = Math.min(end, folio.end, limit);
    from.copyTo(at, cache.memory.bytes, folio.at + (at - folio.pos), stop - at);
    cache.touch(folio);
    at = stop;
  }
  if (inode.mappings === 0) protectRange(cache, base, end);
  return at > base ? at - base : error;
}

/** One write fault at `at`; 0 also when it has to be tried again, which the caller sees by looking. */
function* writeFault(context: Context, inode: CachedInode, ops: MapOps, at: Bytes): Steps<Errno> {
  const { cache, invalidateLock } = inode;
  const { task } = context;
  const present = cache.find(at);
  if (present === null || !present.uptodate)
    return yield* bringUptodate(context, inode, ops, wantedOf(present, at, cache.blockSize), at + 1, true);
  if (!invalidateLock.tryAcquire(task, SHARED)) yield* acquire(invalidateLock, task, SHARED);
  if (task.stopsAt(Y['Y-MK1'])) yield Y['Y-MK1'];
  const folio = cache.find(at);
  let errno: Errno = 0;
  if (folio !== null && (cache.tryLock(folio, task) || (yield* lockFolio(cache, folio, task, Y['Y-MK1'])))) {
    // Gone behind the end, or not uptodate any more: the fault is retried.
    if (folio.uptodate && folio.pos < inode.isize) {
      let size: Bytes;
      // A direct write may have raised the size meanwhile, and the new part of the folio needs space too (PC-65).
      do {
        size = inode.isize;
        const made = makeWritable(context, inode, ops, folio);
        errno = typeof made === 'number' ? made : yield* made;
      } while (errno === 0 && size < Math.min(inode.isize, folio.end));
      if (errno === 0) cache.setWritable(folio, true);
    }
    cache.unlock(folio);
  }
  invalidateLock.release(task);
  return errno;
}

/** page_mkwrite: space for every block of the locked folio below the end, and D on it (PC-61, PC-62). */
function makeWritable(context: Context, inode: CachedInode, ops: MapOps, folio: Folio): Errno | Steps<Errno> {
  const { cache } = inode;
  const { iterations } = context.platform;
  const length = Math.min(folio.end, inode.isize) - folio.pos;
  const iteration = iterations.take(context, inode, ops, folio.pos, length, OpFlag.WRITE | OpFlag.FAULT);
  return iterate(iteration, POINTS, new FolioDirtying(cache, folio, iteration));
}

class FolioDirtying implements Body {
  readonly #cache: PageCache;
  readonly #folio: Folio;
  readonly #iteration: Iteration;

  constructor(cache: PageCache, folio: Folio, iteration: Iteration) {
    this.#cache = cache;
    this.#folio = folio;
    this.#iteration = iteration;
  }

  serve(): Errno {
    const cache = this.#cache;
    const folio = this.#folio;
    const iteration = this.#iteration;
    // MAP-05: nothing may be stored on the word of a file system that answers HOLE to a writer.
    if (iteration.iomap.type === MapType.HOLE) return EIO;
    if (folio.blocks > 1 && !folio.hasBlockState) cache.addBlockState(folio);
    cache.markDirty(folio, iteration.pos, iteration.pos + iteration.rest, true);
    iteration.skip();
    return 0;
  }
}
