/**
 * Writeback of dirty folios (sections 2 to 4 of writeback.md, `[N]`): which folios, which of their blocks, under which
 * mapping, gathered into which ioends. Submission and completion of ioends stand in `ioend-io.ts`.
 */
import {
  type Bytes,
  EIO,
  type Errno,
  Ev,
  Iomap,
  MapFlag,
  MapType,
  roundUp,
  type Steps,
  type Task,
  type WritebackOps,
  Y,
} from '../../model/contract/index.js';
import type { Folio } from '../cache/folio.js';
import { lockFolio, waitFolioWriteback } from '../cache/lock-folio.js';
import { Cleaned, type PageCache } from '../cache/page-cache.js';
import type { CachedInode } from './cached-inode.js';
import { Ioend } from './ioend.js';
import { finishWriting, submitIoend } from './ioend-io.js';
import type { Context } from './platform.js';

/** WB-24. */
const MOST_FOLIOS = 4096;

/**
 * Writes the dirty folios that touch [from, to): `integrity` those dirty now, all of them, waiting for earlier writeback of
 * each; else as background writeback does. Does not wait for the I/O. Returns the first error of submission.
 */
export function* writePages(
  context: Context,
  inode: CachedInode,
  from: Bytes,
  to: Bytes,
  integrity: boolean,
): Steps<Errno> {
  const { cache } = inode;
  const { task } = context;
  if (cache.dirtyCount === 0) return 0;
  if (integrity) chooseDirty(cache, from, to);
  const pass = new WritebackPass(context, inode);
  let first: Errno = 0;
  let cursor = from;
  while (cursor < to) {
    const folio = nextToWrite(cache, cursor, to, integrity);
    if (folio === null) break;
    cursor = folio.end;
    if (task.stopsAt(Y['Y-WB1'])) {
      cache.get(folio);
      yield Y['Y-WB1'];
      const present = folio.cache === cache;
      cache.put(folio);
      if (!present) continue;
    }
    // The quick way: nobody has the folio, and it is to be written.
    if (folio.writeback || !folio.dirty || !cache.tryLock(folio, task)) {
      if (!(yield* takeFolio(task, cache, folio, integrity))) continue;
    }
    // WB-02, PC-63: views are protected before the flag is cleared, so that each later store faults and dirties again.
    if (folio.writable) cache.setWritable(folio, false);
    cache.clearDirtyFlag(folio);
    folio.chosen = false;
    const errno = yield* pass.writeFolio(folio);
    if (errno !== 0 && first === 0) first = errno;
    cache.unlock(folio);
    if (task.stopsAt(Y['Y-WB4'])) yield Y['Y-WB4'];
    if (errno !== 0 && !integrity) break;
  }
  const finished = pass.finish(first);
  const errno = typeof finished === 'number' ? finished : yield* finished;
  return first !== 0 ? first : errno;
}

/** Integrity writeback handles what is dirty now, so that it ends even if others keep dirtying (INV-73). */
function chooseDirty(cache: PageCache, from: Bytes, to: Bytes): void {
  for (let place = cache.placeOf(from); place < cache.folios.length; place++) {
    const folio = cache.folios[place]!;
    if (folio.pos >= to) return;
    if (folio.dirty) folio.chosen = true;
  }
}

function nextToWrite(cache: PageCache, from: Bytes, to: Bytes, integrity: boolean): Folio | null {
  for (let place = cache.placeOf(from); place < cache.folios.length; place++) {
    const folio = cache.folios[place]!;
    if (folio.pos >= to) return null;
    if (integrity ? folio.chosen : folio.dirty) return folio;
  }
  return null;
}

/** Locks the folio and decides under the lock whether it is to be written now (section 2 step 2). */
function* takeFolio(task: Task, cache: PageCache, folio: Folio, integrity: boolean): Steps<boolean> {
  if (!cache.tryLock(folio, task) && !(yield* lockFolio(cache, folio, task, Y['Y-WB1']))) return false;
  if (folio.dirty && folio.writeback && integrity) yield* waitFolioWriteback(cache, folio, task, Y['Y-WB1']);
  if (folio.dirty && !folio.writeback) return true;
  if (!folio.dirty) folio.chosen = false;
  cache.unlock(folio);
  return false;
}

/** What one call of writeback carries from folio to folio: the mapping last given, and the ioend being built. */
class WritebackPass {
  readonly #context: Context;
  readonly #inode: CachedInode;
  readonly #ops: WritebackOps<CachedInode>;
  readonly #iomap = new Iomap();
  #pending: Ioend | null = null;

  constructor(context: Context, inode: CachedInode) {
    this.#context = context;
    this.#inode = inode;
    this.#ops = inode.writebackOps;
  }

  /** Section 3: `folio` is locked, its dirty flag cleared, not under writeback. */
  *writeFolio(folio: Folio): Steps<Errno> {
    const { cache, isize, id } = this.#inode;
    const { sink } = this.#context;
    const behind = folio.pos >= isize;
    sink.emit(Ev['writeback-folio'], id, folio.pos, folio.size, behind ? 1 : 0);
    if (behind) {
      cache.clean(folio, folio.pos, folio.end, Cleaned.behindEnd);
      return 0;
    }
    let end = folio.end;
    if (end > isize) {
      // WB-11: what was scribbled behind the end must not reach the device.
      cache.memory.bytes.fill(0, folio.at + (isize - folio.pos), folio.at + folio.size);
      end = isize;
    }
    const size = folio.size / folio.blocks;
    const last = folio.pos + roundUp(end - folio.pos, size);
    if (folio.blocks > 1 && !folio.hasBlockState) {
      cache.addBlockState(folio);
      // All of it was dirty, also what lies behind the end now; that part is cleaned below without being written.
      cache.markBlocksDirty(folio);
    }
    folio.writing = folio.size;
    cache.setWriteback(folio);
    const lastBlock = (last - folio.pos) / size;
    let unsubmitted = folio.size;
    let errno: Errno = 0;
    let failedAt = folio.end;
    // Without block state the flag was the D bit, and the caller has cleared it: the whole folio is one run.
    let block = folio.hasBlockState ? folio.nextDirty(0, lastBlock) : 0;
    while (block < lastBlock && errno === 0) {
      const stop = folio.hasBlockState ? folio.nextClean(block, lastBlock) : lastBlock;
      const runEnd = folio.pos + stop * size;
      let at = folio.pos + block * size;
      while (at < runEnd) {
        if (this.#context.task.stopsAt(Y['Y-WB2'])) yield Y['Y-WB2'];
        const answer = this.#map(at, runEnd - at);
        const mapped = typeof answer === 'number' ? answer : yield* answer;
        if (mapped < 0) {
          errno = mapped;
          failedAt = at;
          break;
        }
        if (this.#iomap.type === MapType.HOLE) sink.emit(Ev['writeback-hole'], id, at, mapped, 0);
        else {
          if (!this.#fits(at)) {
            const submitted = this.#submitPending();
            errno = typeof submitted === 'number' ? submitted : yield* submitted;
            if (errno !== 0) {
              failedAt = at;
              break;
            }
            // While it waited a direct write may have converted blocks of the mapping, and one ioend is of one kind (WB-21). Asked
            // again also where it did not wait: what a call does must not depend on where it is stopped.
            continue;
          }
          this.#add(folio, at, mapped, end);
          unsubmitted -= mapped;
        }
        at += mapped;
      }
      block = folio.hasBlockState ? folio.nextDirty(stop, lastBlock) : lastBlock;
    }
    if (errno !== 0) {
      this.#ops.discard?.(this.#inode, failedAt, folio.end, this.#context);
      cache.clean(folio, failedAt, last, Cleaned.discarded);
      this.#inode.errors.record(errno);
      this.#inode.lostWrites = true;
      sink.emit(Ev['writeback-error'], id, errno, 0, 0);
    }
    // WB-10: all D bits go, also those that were not handled and those behind the end.
    cache.clean(folio, folio.pos, Math.min(failedAt, last), Cleaned.written);
    if (folio.hasBlockState && last < folio.end) cache.clean(folio, last, folio.end, Cleaned.behindEnd);
    if (unsubmitted > 0) finishWriting(this.#inode, folio, unsubmitted);
    return errno;
  }

  /** The end of the pass: what is pending is submitted, or completed with the pass's error (WB-29). */
  finish(error: Errno): Errno | Steps<Errno> {
    const ioend = this.#pending;
    if (ioend === null) return 0;
    if (error !== 0) ioend.status = error;
    return this.#submitPending();
  }

  /** Asks for the mapping of dirty bytes at `at`: how many bytes of it are served, or an errno. */
  #map(at: Bytes, length: Bytes): number | Steps<number> {
    const mapped = this.#ops.map(this.#inode, at, length, this.#iomap, this.#context);
    return typeof mapped === 'number' ? this.#served(mapped, at, length) : this.#waitForMap(mapped, at, length);
  }

  *#waitForMap(mapped: Steps<Errno>, at: Bytes, length: Bytes): Steps<number> {
    return this.#served(yield* mapped, at, length);
  }

  #served(errno: Errno, at: Bytes, length: Bytes): number {
    if (errno !== 0) return errno;
    const iomap = this.#iomap;
    if (iomap.type === MapType.INLINE || iomap.type === MapType.DELALLOC) return EIO;
    if (iomap.offset > at || iomap.end <= at) return EIO;
    if (iomap.type !== MapType.HOLE && iomap.addr < 0) return EIO;
    return Math.min(length, iomap.end - at);
  }

  /** WB-20 … WB-25. */
  #fits(at: Bytes): boolean {
    const ioend = this.#pending;
    if (ioend === null) return true;
    const iomap = this.#iomap;
    if ((iomap.flags & MapFlag.BOUNDARY) !== 0 && at === iomap.offset) return false;
    return (
      ioend.shared === ((iomap.flags & MapFlag.SHARED) !== 0) &&
      ioend.unwritten === (iomap.type === MapType.UNWRITTEN) &&
      at === ioend.offset + ioend.size &&
      iomap.addr + (at - iomap.offset) === ioend.addr + ioend.bioSize &&
      ioend.folios.length < MOST_FOLIOS
    );
  }

  #submitPending(): Errno | Steps<Errno> {
    const ioend = this.#pending!;
    this.#pending = null;
    return submitIoend(this.#context, this.#inode, ioend);
  }

  #add(folio: Folio, at: Bytes, length: Bytes, end: Bytes): void {
    const iomap = this.#iomap;
    const addr = iomap.addr + (at - iomap.offset);
    let ioend = this.#pending;
    if (ioend === null) {
      const unwritten = iomap.type === MapType.UNWRITTEN;
      const shared = (iomap.flags & MapFlag.SHARED) !== 0;
      const boundary = (iomap.flags & MapFlag.BOUNDARY) !== 0 && at === iomap.offset;
      ioend = new Ioend(folio, at, length, addr, unwritten, shared, boundary);
      this.#pending = ioend;
      this.#context.sink.emit(Ev['ioend-begin'], this.#inode.id, at, length, addr);
    } else ioend.add(folio, at, length);
    // WB-26: the logical size ends with the file, so that the on-disk size never gets ahead of it.
    if (ioend.offset + ioend.size > end) ioend.size = end - ioend.offset;
    this.#context.sink.emit(Ev['ioend-add'], this.#inode.id, at, length, addr);
  }
}
