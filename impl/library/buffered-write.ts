/**
 * pwrite through the page cache (section 4 of pagecache.md): a mapping at a time, a folio at a time, with a fresh look at
 * the mapping under each folio lock, short copies, and the size raised while the folio is still locked (PC-33).
 */
import {
  type Bytes,
  EFAULT,
  EIO,
  type Errno,
  Ev,
  MapFlag,
  MapType,
  OpFlag,
  type OpFlags,
  type Steps,
  Y,
} from '../../model/contract/index.js';
import { truncateRange } from '../cache/truncate.js';
import type { CachedInode } from './cached-inode.js';
import { FolioWrite, STALE } from './folio-write.js';
import { isizeExtended } from './isize-extended.js';
import type { Iteration, IterationPoints, MapOps } from './iteration.js';
import type { Context } from './platform.js';
import type { WriteSource } from './user-buffer.js';

const POINTS: IterationPoints = {
  before: Y['Y-BW1'],
  after: Y['Y-BW2'],
  beforeEnd: Y['Y-BW9'],
  afterEnd: Y['Y-BW12'],
};

/** Parts of a copy at which an injected fault may stop it. */
const COPY_PARTS = 4;

/**
 * Writes the bytes of `from` behind `pos` (normally all: `pos = from.base`) through the cache. `flags`: 0 or OpFlag.NOWAIT.
 * Returns the bytes written if any, else the errno (PC-30). The caller holds L1 exclusive and has checked limits and size.
 */
export function* bufferedWrite(
  context: Context,
  inode: CachedInode,
  ops: MapOps,
  pos: Bytes,
  from: WriteSource,
  flags: OpFlags,
): Steps<number> {
  const { iterations } = context.platform;
  if (pos >= from.end) return 0;
  const iteration = iterations.take(context, inode, ops, pos, from.end - pos, OpFlag.WRITE | flags);
  const write = new FolioWrite(context, inode, ops, iteration);
  const { task } = context;
  const { largest } = inode.cache;
  let result: number;
  for (;;) {
    const next = iteration.next(POINTS);
    result = typeof next === 'number' ? next : yield* next;
    if (result <= 0) break;
    // MAP-05: a file system that answers HOLE to a writer is wrong, and nothing may be stored on its word.
    if (iteration.iomap.type === MapType.HOLE) {
      iteration.status = EIO;
      continue;
    }
    // Folio steps until the mapping or the data is used up, it is stale, or something failed.
    let errno: Errno = 0;
    let chunk = largest;
    /** Bytes to try at most: what a rejected copy reached. */
    let limit = Number.POSITIVE_INFINITY;
    while (iteration.rest > 0) {
      const at = iteration.pos;
      const wanted = Math.min(chunk - (at % chunk), iteration.rest, limit);
      if (task.stopsAt(Y['Y-BW3'])) yield Y['Y-BW3'];
      if (from.reachable(at, 1) === 0) {
        errno = EFAULT;
        break;
      }
      if (task.stopsAt(Y['Y-BW4'])) yield Y['Y-BW4'];
      if (task.stopsAt(Y['Y-BW5'])) yield Y['Y-BW5'];
      const begun = write.begin(wanted);
      const prepared = typeof begun === 'number' ? begun : yield* begun;
      if (prepared === STALE) break;
      if (prepared < 0) {
        yield* dropBehindEof(context, inode, at, at + wanted);
        errno = prepared;
        break;
      }
      if (task.stopsAt(Y['Y-BW7'])) yield Y['Y-BW7'];
      const room = write.to - at;
      const copied = copiedBytes(context, from, at, room);
      const stored = store(context, inode, iteration, write, from, copied);
      if (task.stopsAt(Y['Y-BW8'])) yield Y['Y-BW8'];
      if (stored > 0) {
        limit = Number.POSITIVE_INFINITY;
        iteration.advance(stored);
      } else {
        yield* dropBehindEof(context, inode, at, at + room);
        limit = copied > 0 ? copied : Number.POSITIVE_INFINITY;
        chunk = Math.max(context.geometry.pageSize, chunk / 2);
      }
    }
    // MAP-67: after progress the cause is met again by the next begin, and reported by that.
    if (errno !== 0 && iteration.pos === iteration.start) iteration.status = errno;
  }
  const written = iteration.pos - pos;
  return written > 0 ? written : result;
}

/** Copies into the locked folio, raises the size (PC-33) and unlocks. Returns how many of the bytes count. */
function store(
  context: Context,
  inode: CachedInode,
  iteration: Iteration,
  write: FolioWrite,
  from: WriteSource,
  copied: Bytes,
): Bytes {
  const { folio } = write;
  const { pos } = iteration;
  const room = write.to - pos;
  from.copyTo(pos, inode.cache.memory.bytes, folio.at + (pos - folio.pos), copied);
  if (copied < room) context.sink.emit(Ev['short-copy'], inode.id, pos, room, copied);
  const stored = write.finish(copied);
  if (pos + stored > inode.isize) {
    isizeExtended(inode, inode.isize, pos);
    inode.setSize(pos + stored);
    iteration.iomap.flags |= MapFlag.SIZE_CHANGED;
  }
  write.release();
  return stored;
}

/** How far a copy with faults disabled gets: to the wall, or as an injected fault has it, but at least one byte. */
function copiedBytes(context: Context, from: WriteSource, pos: Bytes, room: Bytes): Bytes {
  const reachable = from.reachable(pos, room);
  if (room === 1) return reachable;
  const stop = context.chooser.choose(COPY_PARTS, 'user-copy');
  return stop === 0 ? reachable : Math.min(reachable, Math.ceil((room * stop) / COPY_PARTS));
}

/** PC-45: what a failed write put into the cache behind the end of the file goes away again. */
function* dropBehindEof(context: Context, inode: CachedInode, from: Bytes, to: Bytes): Steps<void> {
  if (to > inode.isize) yield* truncateRange(inode.cache, context.task, Math.max(from, inode.isize), to);
}
