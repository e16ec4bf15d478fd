/**
 * What writeback does with one folio after the other (sections 3 and 4 of writeback.md, `[N]`): which of its blocks are
 * written, under which mapping, gathered into which ioends.
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
  type WritebackOps,
  Y,
} from '../../model/contract/index.js';
import type { Folio } from '../cache/folio.js';
import { Cleaned } from '../cache/page-cache.js';
import { after } from './after.js';
import type { CachedInode } from './cached-inode.js';
import { Ioend } from './ioend.js';
import { finishWriting, submitIoend } from './ioend-io.js';
import type { Context } from './platform.js';

/** WB-24. */
const MOST_FOLIOS = 4096;

/**
 * What one call of writeback carries from folio to folio, the mapping last given and the ioend being built; and how far it
 * is in the present folio.
 */
export class WritebackPass {
  readonly #context: Context;
  readonly #inode: CachedInode;
  readonly #ops: WritebackOps<CachedInode>;
  readonly #iomap = new Iomap();
  #pending: Ioend | null = null;
  /** Where the next dirty bytes of the folio are looked for; at last, where its writing ended or failed. */
  #at: Bytes = 0;
  /** Where the file ends in the folio, or the folio; and the same rounded up to a block. */
  #end: Bytes = 0;
  #last: Bytes = 0;
  #unsubmitted: Bytes = 0;

  constructor(context: Context, inode: CachedInode) {
    this.#context = context;
    this.#inode = inode;
    this.#ops = inode.writebackOps;
  }

  /** Section 3: `folio` is locked, its dirty flag cleared, not under writeback. */
  writeFolio(folio: Folio): Errno | Steps<Errno> {
    const { cache, isize, id } = this.#inode;
    const behind = folio.pos >= isize;
    this.#context.sink.emit(Ev['writeback-folio'], id, folio.pos, folio.size, behind ? 1 : 0);
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
    if (folio.blocks > 1 && !folio.hasBlockState) {
      cache.addBlockState(folio);
      // All of it was dirty, also what lies behind the end now; that part is cleaned below without being written.
      cache.markBlocksDirty(folio);
    }
    folio.writing = folio.size;
    cache.setWriteback(folio);
    this.#at = folio.pos;
    this.#end = end;
    this.#last = folio.pos + roundUp(end - folio.pos, folio.size / folio.blocks);
    this.#unsubmitted = folio.size;
    const written = this.#writeRuns(folio);
    return typeof written === 'number'
      ? this.#endFolio(folio, written)
      : after(written, errno => this.#endFolio(folio, errno));
  }

  /** Writes what is dirty of the folio from `#at` on: 0, or the errno of the piece that failed there. */
  #writeRuns(folio: Folio): Errno | Steps<Errno> {
    for (;;) {
      const piece = this.#writeNext(folio);
      if (typeof piece !== 'number') return this.#goOn(folio, piece);
      if (piece <= 0) return piece;
    }
  }

  /** The same from the first wait on. */
  *#goOn(folio: Folio, first: Steps<number>): Steps<Errno> {
    for (let piece: number | Steps<number> = first; ; piece = this.#writeNext(folio)) {
      const wrote = typeof piece === 'number' ? piece : yield* piece;
      if (wrote <= 0) return wrote;
    }
  }

  /** Writes the next piece, as much of a dirty run as one mapping serves: its bytes, 0 when there is none, or an errno. */
  #writeNext(folio: Folio): number | Steps<number> {
    const length = this.#nextRun(folio);
    if (length === 0) return 0;
    return this.#context.task.stopsAt(Y['Y-WB2']) ? this.#stopThenMap(folio, length) : this.#mapThenAdd(folio, length);
  }

  /** Goes to the next dirty run: its bytes. */
  #nextRun(folio: Folio): Bytes {
    // Without block state the flag was the D bit, and the caller has cleared it: the whole folio is one run.
    if (!folio.hasBlockState) return this.#last - this.#at;
    const size = folio.size / folio.blocks;
    const last = (this.#last - folio.pos) / size;
    const block = folio.nextDirty((this.#at - folio.pos) / size, last);
    this.#at = folio.pos + block * size;
    return (folio.nextClean(block, last) - block) * size;
  }

  *#stopThenMap(folio: Folio, length: Bytes): Steps<number> {
    yield Y['Y-WB2'];
    const wrote = this.#mapThenAdd(folio, length);
    return typeof wrote === 'number' ? wrote : yield* wrote;
  }

  #mapThenAdd(folio: Folio, length: Bytes): number | Steps<number> {
    const mapped = this.#ops.map(this.#inode, this.#at, length, this.#iomap, this.#context);
    return typeof mapped === 'number'
      ? this.#addServed(folio, this.#served(mapped, length))
      : after(mapped, errno => this.#addServed(folio, this.#served(errno, length)));
  }

  /** How many of the dirty bytes at `#at` the mapping serves, or an errno. */
  #served(errno: Errno, length: Bytes): number {
    if (errno !== 0) return errno;
    const iomap = this.#iomap;
    if (iomap.type === MapType.INLINE || iomap.type === MapType.DELALLOC) return EIO;
    if (iomap.offset > this.#at || iomap.end <= this.#at) return EIO;
    if (iomap.type !== MapType.HOLE && iomap.addr < 0) return EIO;
    return Math.min(length, iomap.end - this.#at);
  }

  #addServed(folio: Folio, served: number): number | Steps<number> {
    if (served < 0) return served;
    if (this.#iomap.type === MapType.HOLE) {
      this.#context.sink.emit(Ev['writeback-hole'], this.#inode.id, this.#at, served, 0);
      this.#at += served;
      return served;
    }
    if (this.#fits(this.#at)) return this.#add(folio, served, 0);
    const submitted = this.#submitPending();
    return typeof submitted === 'number'
      ? this.#add(folio, served, submitted)
      : after(submitted, errno => this.#add(folio, served, errno));
  }

  /** The folio's part of the pass is over, with an errno that came up at `#at`. */
  #endFolio(folio: Folio, errno: Errno): Errno {
    const { cache, id, errors } = this.#inode;
    const last = this.#last;
    let written = last;
    if (errno !== 0) {
      written = Math.min(this.#at, last);
      this.#ops.discard?.(this.#inode, this.#at, folio.end, this.#context);
      cache.clean(folio, this.#at, last, Cleaned.discarded);
      errors.record(errno);
      this.#inode.lostWrites = true;
      this.#context.sink.emit(Ev['writeback-error'], id, errno, 0, 0);
    }
    // WB-10: all D bits go, also those that were not handled and those behind the end.
    cache.clean(folio, folio.pos, written, Cleaned.written);
    if (folio.hasBlockState && last < folio.end) cache.clean(folio, last, folio.end, Cleaned.behindEnd);
    if (this.#unsubmitted > 0) finishWriting(this.#inode, folio, this.#unsubmitted);
    return errno;
  }

  /** The end of the pass: what is pending is submitted, or completed with the pass's error (WB-29). */
  finish(error: Errno): Errno | Steps<Errno> {
    const ioend = this.#pending;
    if (ioend === null) return 0;
    if (error !== 0) ioend.status = error;
    return this.#submitPending();
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

  /** Puts the piece at `#at` into the ioend, unless the one before it could not be submitted. */
  #add(folio: Folio, length: Bytes, failed: Errno): number {
    if (failed !== 0) return failed;
    const iomap = this.#iomap;
    const at = this.#at;
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
    if (ioend.offset + ioend.size > this.#end) ioend.size = this.#end - ioend.offset;
    this.#context.sink.emit(Ev['ioend-add'], this.#inode.id, at, length, addr);
    this.#at += length;
    this.#unsubmitted -= length;
    return length;
  }
}
