/**
 * Storing into one folio under a mapping: getting the folio, asking whether the mapping is still current, bringing the
 * blocks that are written only in part uptodate, and publishing what was stored (sections 2, 4.1 and 4.2 of pagecache.md).
 * Buffered write, zero and unshare share it.
 *
 * It differs from the reference code where that has hazards: zero-filled blocks become uptodate only after the store (H-1);
 * a short copy is accepted up to the last block whose content is complete (H-8), so a rejected copy has changed no
 * uptodate byte; and zero bytes change nothing (H-2).
 */
import {
  type Bytes,
  EAGAIN,
  EINTR,
  EIO,
  ENOMEM,
  type Errno,
  Ev,
  MapFlag,
  MapType,
  OpFlag,
  type Steps,
  type TaskId,
  type Waitable,
  Y,
} from '../../model/contract/index.js';
import type { Folio } from '../cache/folio.js';
import { lockFolio } from '../cache/lock-folio.js';
import type { CachedInode } from './cached-inode.js';
import { FolioRead, type FolioReader, isZeroFilled, runEnd } from './folio-read.js';
import type { Iteration, MapOps } from './iteration.js';
import type { Context } from './platform.js';

/** What `begin` says beside an errno. */
export const READY = 1;
export const STALE = 0;

export class FolioWrite implements Waitable, FolioReader {
  /** The folio, locked, from a `begin` that said READY to `release`. */
  #folio: Folio | null = null;
  /** The range to store to. */
  from: Bytes = 0;
  to: Bytes = 0;
  readonly #context: Context;
  readonly #inode: CachedInode;
  readonly #ops: MapOps;
  readonly #iteration: Iteration;
  /** Synchronous reads in flight, and the first error among them. */
  #reading = 0;
  #readError: Errno = 0;

  constructor(context: Context, inode: CachedInode, ops: MapOps, iteration: Iteration) {
    this.#context = context;
    this.#inode = inode;
    this.#ops = ops;
    this.#iteration = iteration;
  }

  get folio(): Folio {
    return this.#folio!;
  }

  /**
   * Prepares a store of up to `length` bytes at the iteration's position: READY with the folio locked, STALE when the mapping
   * is not current any more, or an errno; steps only where it has to wait. Where somebody observes, the caller has stood at
   * Y-BW5 before.
   */
  begin(length: Bytes): number | Steps<number> {
    this.from = this.#iteration.pos;
    this.to = this.from + length;
    const { task, chooser } = this.#context;
    if (chooser.choose(2, 'signal') === 1) return EINTR;
    const found = this.#inode.cache.find(this.from);
    if (found === null) {
      const errno = this.#create();
      // Without memory a caller that must not block tries again where it may (PC-11).
      if (errno !== 0) return (this.#iteration.flags & OpFlag.NOWAIT) !== 0 ? EAGAIN : errno;
    } else {
      if (!this.#inode.cache.tryLock(found, task)) return this.#waitForLock(found);
      this.#folio = found;
    }
    const prepared = this.#checkAndPrepare();
    return prepared === WAIT ? this.#waitForReads() : prepared;
  }

  *#waitForLock(locked: Folio): Steps<number> {
    const { task } = this.#context;
    const { cache } = this.#inode;
    if ((this.#iteration.flags & OpFlag.NOWAIT) !== 0) return EAGAIN;
    let found: Folio | null = locked;
    while (found !== null && !cache.tryLock(found, task) && !(yield* lockFolio(cache, found, task, Y['Y-BW5'])))
      found = cache.find(this.from);
    if (found === null) {
      const errno = this.#create();
      if (errno !== 0) return errno;
    } else this.#folio = found;
    const prepared = this.#checkAndPrepare();
    return prepared === WAIT ? yield* this.#waitForReads() : prepared;
  }

  /** A folio of the size that the length of the write suggests, as far as alignment and neighbours allow (PC-10). */
  #create(): Errno {
    const { cache } = this.#inode;
    if (this.#context.chooser.choose(2, 'folio-allocation') === 1) return ENOMEM;
    const first = this.from - (this.from % cache.smallest);
    let size = cache.smallest;
    const most = Math.min(this.to - this.from, cache.largest);
    while (size * 2 <= most && first % (size * 2) === 0) size *= 2;
    const next = cache.firstIn(first, first + size);
    if (next !== null) while (first + size > next.pos) size /= 2;
    this.#folio = cache.add(first, size, this.#context.task);
    return 0;
  }

  /** MAP-52, MAP-53, then section 4.1. Releases the folio unless READY or WAIT. */
  #checkAndPrepare(): number {
    const { folio } = this;
    const { iomap } = this.#iteration;
    const { sink, chooser } = this.#context;
    if (this.to > folio.end) this.to = folio.end;
    const valid =
      (this.#ops.valid === undefined || this.#ops.valid(this.#inode, iomap)) &&
      chooser.choose(2, 'mapping-stale') === 0;
    sink.emit(Ev.validated, this.#inode.id, folio.pos, folio.size, valid ? 0 : 1);
    if (!valid) {
      iomap.flags |= MapFlag.STALE;
      sink.emit(Ev.stale, this.#inode.id, this.#iteration.pos, 0, 0);
      this.release();
      return STALE;
    }
    this.#inode.storing = this;
    if (iomap.type === MapType.INLINE) {
      this.release();
      return EIO;
    }
    const prepared = this.#prepare();
    if (prepared < 0) this.release();
    return prepared;
  }

  /**
   * Brings the runs that are not stored to completely to content (PC-40 … PC-43): zeroes where the map yields zeroes, reads
   * elsewhere. The zeroed runs are published by `finish`, after the store.
   */
  #prepare(): number {
    const { folio, from, to } = this;
    const { isize, cache } = this.#inode;
    const unshare = (this.#iteration.flags & OpFlag.UNSHARE) !== 0;
    if (from === folio.pos && to === folio.end && !unshare) return READY;
    if (folio.blocks > 1 && !folio.hasBlockState) cache.addBlockState(folio);
    if (folio.uptodate) return READY;
    const { source } = this.#iteration;
    const nowait = (this.#iteration.flags & OpFlag.NOWAIT) !== 0;
    const size = folio.size / folio.blocks;
    const last = Math.ceil((to - folio.pos) / size);
    let block = folio.nextNotUptodate(Math.floor((from - folio.pos) / size), last);
    while (block < last) {
      const end = runEnd(folio, block, last, isize);
      const start = folio.pos + block * size;
      const stop = folio.pos + end * size;
      if (unshare || start < from || stop > to) {
        if (isZeroFilled(source, start, isize)) {
          if (unshare) return EIO;
          const at = folio.at - folio.pos;
          if (start < from) cache.memory.bytes.fill(0, at + start, at + from);
          if (stop > to) cache.memory.bytes.fill(0, at + to, at + stop);
        } else {
          if (nowait) return EAGAIN;
          this.#read(start, stop - start, source.addr + (start - source.offset));
        }
      }
      block = folio.nextNotUptodate(end, last);
    }
    return this.#reading > 0 ? WAIT : READY;
  }

  /** A synchronous read of blocks that are written in part; the folio stays locked meanwhile. */
  #read(start: Bytes, length: Bytes, addr: Bytes): void {
    this.#reading++;
    this.folio.readPending += length;
    this.#context.device.submit(new FolioRead(this.#inode, this.folio, start, length, addr, this));
  }

  /** Called by the read's completion. */
  readDone(length: Bytes, status: Errno): void {
    this.folio.readPending -= length;
    this.#reading--;
    if (status !== 0 && this.#readError === 0) this.#readError = status;
  }

  *#waitForReads(): Steps<number> {
    const { task } = this.#context;
    while (this.#reading > 0) {
      task.waitsFor = this;
      yield Y['Y-BW6'];
    }
    task.waitsFor = null;
    const errno = this.#readError;
    this.#readError = 0;
    if (errno !== 0) {
      this.release();
      return errno;
    }
    if ((this.#iteration.iomap.flags & MapFlag.ZERO_TAIL) !== 0) {
      // MAP-29: the file system's valid size ends with the write, whatever the device had behind it.
      const { folio, to } = this;
      const end = Math.min(folio.end, to + this.#toBlockEnd(to));
      this.#inode.cache.memory.bytes.fill(0, folio.at + (to - folio.pos), folio.at + (end - folio.pos));
    }
    return READY;
  }

  /**
   * Publishes the first `stored` bytes of the range, which are in place now: U, then D (PC-34). Returns how many of them
   * count. Fewer bytes than prepared are accepted up to the end of the last block that is complete.
   */
  finish(stored: Bytes): Bytes {
    const { folio, from, to } = this;
    const { cache, isize } = this.#inode;
    if (stored === 0) return 0;
    let end = from + stored;
    if (folio.uptodate) {
      cache.markDirty(folio, from, end, false);
      return stored;
    }
    if (end < to) {
      if (folio.blocks > 1 && !folio.hasBlockState) cache.addBlockState(folio);
      const rest = this.#toBlockEnd(end);
      const block = Math.floor((end - folio.pos) / (folio.size / folio.blocks));
      if (rest > 0 && !folio.isBlockUptodate(block)) {
        const start = folio.pos + block * (folio.size / folio.blocks);
        if (isZeroFilled(this.#iteration.source, start, isize)) {
          // H-1: nothing was there, so zeroes are the content; the bytes before and behind the range are zero already.
          cache.memory.bytes.fill(0, folio.at + (end - folio.pos), folio.at + (end + rest - folio.pos));
        } else end = Math.max(from, start);
      }
      if (end === from) return 0;
    }
    cache.markUptodate(folio, from, end, false);
    cache.markDirty(folio, from, end, false);
    return end - from;
  }

  release(): void {
    this.#inode.storing = null;
    this.#inode.cache.unlock(this.folio);
    this.#folio = null;
  }

  describe(): string {
    return `reads of partial blocks of ${this.folio.describe()}`;
  }

  ready(): boolean {
    return this.#reading === 0;
  }

  blockers(): readonly TaskId[] {
    return [];
  }

  /** Bytes from `at` to the end of its block; 0 at a block boundary. */
  #toBlockEnd(at: Bytes): Bytes {
    const size = this.folio.size / this.folio.blocks;
    const into = (at - this.folio.pos) % size;
    return into === 0 ? 0 : size - into;
  }
}

/** `begin` must wait for reads. */
const WAIT = 2;
