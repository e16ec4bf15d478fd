/**
 * Zeroing through the page cache (section 8 of pagecache.md, `[N]`): what the map already yields as zero is passed over, but
 * only when no dirty cache hides behind it; the rest is stored like a write. Which of the two ways of dealing with dirty
 * cache over unwritten blocks is taken is the file system's choice: without FOLIO_BATCH the range is written back first and
 * mapped again, with it the dirty folios are zeroed in place.
 */
import {
  type Bytes,
  type Errno,
  Ev,
  MapFlag,
  MapType,
  OpFlag,
  roundUp,
  type Steps,
  Y,
} from '../../model/contract/index.js';
import type { Folio } from '../cache/folio.js';
import { lockFolio } from '../cache/lock-folio.js';
import { needsWriteback } from './cache-control.js';
import type { CachedInode } from './cached-inode.js';
import { FolioWrite, STALE } from './folio-write.js';
import { type Body, iterate } from './iterate.js';
import type { Iteration, IterationPoints, MapOps } from './iteration.js';
import type { Context } from './platform.js';
import { writeAndWait } from './wait.js';

const POINTS: IterationPoints = {
  before: Y['Y-BW1'],
  after: Y['Y-ZR2'],
  beforeEnd: Y['Y-BW9'],
  afterEnd: Y['Y-BW12'],
};

/** Folios that one begin can collect, as in the kernel's batch. */
const BATCH_SIZE = 31;

/**
 * Makes [pos, pos + length) read as zeroes through the cache. L1 and L3 are held exclusive. Afterwards `context.didZero`
 * says whether a byte was stored (PC-72).
 */
export function zeroRange(
  context: Context,
  inode: CachedInode,
  ops: MapOps,
  pos: Bytes,
  length: Bytes,
): Errno | Steps<Errno> {
  context.didZero = false;
  if (length <= 0) return 0;
  const iteration = context.platform.iterations.take(context, inode, ops, pos, length, OpFlag.ZERO);
  return iterate(iteration, POINTS, new Zeroing(context, inode, ops, iteration));
}

/** Zeroing under one mapping after the other. */
class Zeroing implements Body {
  readonly #context: Context;
  readonly #inode: CachedInode;
  readonly #ops: MapOps;
  readonly #iteration: Iteration;
  /** The cache may hide something that the map does not show; written back once, it does not any more. */
  #dirtyCache: boolean;

  constructor(context: Context, inode: CachedInode, ops: MapOps, iteration: Iteration) {
    this.#context = context;
    this.#inode = inode;
    this.#ops = ops;
    this.#iteration = iteration;
    this.#dirtyCache = needsWriteback(inode, iteration.pos, iteration.pos + iteration.length);
  }

  serve(): Errno | Steps<Errno> {
    const context = this.#context;
    const inode = this.#inode;
    const iteration = this.#iteration;
    const { iomap, source } = iteration;
    if ((iomap.flags & MapFlag.FOLIO_BATCH) !== 0) return zeroBatch(context, inode, this.#ops, iteration);
    if (source.type !== MapType.UNWRITTEN && source.type !== MapType.HOLE)
      return zeroTo(context, inode, this.#ops, iteration, Number.POSITIVE_INFINITY);
    if (source.type === MapType.UNWRITTEN && this.#dirtyCache) {
      this.#dirtyCache = false;
      return writeBackFirst(context, inode, iteration);
    }
    if (inode.lostWrites) return clearCached(context, inode, iteration);
    iteration.skip();
    return 0;
  }
}

/** What is dirty reaches the map, and is mapped again. */
function* writeBackFirst(context: Context, inode: CachedInode, iteration: Iteration): Steps<Errno> {
  if (context.task.stopsAt(Y['Y-ZR1'])) yield Y['Y-ZR1'];
  const written = writeAndWait(context, inode, iteration.pos, iteration.pos + iteration.length);
  const errno = typeof written === 'number' ? written : yield* written;
  if (errno === 0) {
    iteration.iomap.flags |= MapFlag.STALE;
    context.sink.emit(Ev.stale, inode.id, iteration.pos, 0, 0);
  }
  return errno;
}

/**
 * After a failed writeback the clean cache over a hole or an unwritten block may still show what was lost (WB-73). The map
 * yields zeroes there already, so zeroing the memory is all that PC-70 needs: no space, nothing dirty.
 */
function* clearCached(context: Context, inode: CachedInode, iteration: Iteration): Steps<Errno> {
  const { cache } = inode;
  const to = iteration.pos + iteration.rest;
  for (let cursor = iteration.pos; cursor < to; ) {
    const folio = cache.firstIn(cursor, to);
    if (folio === null) break;
    if (!cache.tryLock(folio, context.task) && !(yield* lockFolio(cache, folio, context.task, Y['Y-BW5']))) continue;
    const at = folio.at - folio.pos;
    cache.memory.bytes.fill(0, at + Math.max(cursor, folio.pos), at + Math.min(to, folio.end));
    cursor = folio.end;
    cache.unlock(folio);
  }
  iteration.skip();
  return 0;
}

/** Stores zeroes folio by folio up to `end` or the end of the mapping. */
function* zeroTo(context: Context, inode: CachedInode, ops: MapOps, iteration: Iteration, end: Bytes): Steps<Errno> {
  const { cache } = inode;
  const write = new FolioWrite(context, inode, ops, iteration);
  while (iteration.rest > 0 && iteration.pos < end) {
    if (context.task.stopsAt(Y['Y-BW3'])) yield Y['Y-BW3'];
    if (context.task.stopsAt(Y['Y-BW5'])) yield Y['Y-BW5'];
    const { pos } = iteration;
    const begun = write.begin(Math.min(iteration.rest, cache.largest, end - pos));
    const prepared = typeof begun === 'number' ? begun : yield* begun;
    if (prepared < 0) return prepared;
    if (prepared === STALE) return 0;
    const { folio, to } = write;
    cache.memory.bytes.fill(0, folio.at + (pos - folio.pos), folio.at + (to - folio.pos));
    write.finish(to - pos);
    context.sink.emit(Ev.zeroed, inode.id, pos, to - pos, 0);
    write.release();
    context.didZero = true;
    iteration.advance(to - pos);
  }
  return 0;
}

/** Zeroes the collected folios and passes over what lies between them (PC-12). */
function* zeroBatch(context: Context, inode: CachedInode, ops: MapOps, iteration: Iteration): Steps<Errno> {
  const { batch } = context;
  for (let next = 0; next < batch.length && iteration.rest > 0; next++) {
    const folio = batch[next]!;
    if (!(yield* stillCached(context, inode, folio))) {
      iteration.iomap.flags |= MapFlag.STALE;
      context.sink.emit(Ev.stale, inode.id, iteration.pos, 0, 0);
      return 0;
    }
    if (folio.pos > iteration.pos) iteration.advance(Math.min(folio.pos - iteration.pos, iteration.rest));
    const errno = yield* zeroTo(context, inode, ops, iteration, folio.end);
    if (errno !== 0 || (iteration.iomap.flags & MapFlag.STALE) !== 0) return errno;
  }
  iteration.skip();
  return 0;
}

/** Waits for the folio lock to see whether the folio is still there; L3 exclusive keeps it there afterwards. */
function* stillCached(context: Context, inode: CachedInode, folio: Folio): Steps<boolean> {
  const { cache } = inode;
  if (folio.locked) {
    if (!(yield* lockFolio(cache, folio, context.task, Y['Y-BW5']))) return false;
    cache.unlock(folio);
  }
  return folio.cache === cache;
}

/** Zeroes from `pos` to the end of its block (PC-76). */
export function truncatePage(context: Context, inode: CachedInode, ops: MapOps, pos: Bytes): Errno | Steps<Errno> {
  return zeroRange(context, inode, ops, pos, roundUp(pos, context.geometry.blockSize) - pos);
}

/**
 * For begin under ZERO: collects the folios of [from, to) that are dirty, under writeback or locked into `context.batch`.
 * Returns the end of what was scanned; begin trims the mapping to it and sets MapFlag.FOLIO_BATCH (MAP-28, PC-74).
 */
export function fillDirtyFolios(context: Context, inode: CachedInode, from: Bytes, to: Bytes): Bytes {
  const { cache } = inode;
  for (let place = cache.placeOf(from); place < cache.folios.length; place++) {
    const folio = cache.folios[place]!;
    if (folio.pos >= to) break;
    if (!folio.dirty && !folio.writeback && !folio.locked) continue;
    cache.get(folio);
    context.batch.push(folio);
    if (context.batch.length === BATCH_SIZE) return Math.min(to, folio.end);
  }
  return to;
}
