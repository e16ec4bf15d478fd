/**
 * Bringing folios uptodate (section 3.1 of pagecache.md): which runs of a folio are zeroes and which are read from the
 * device (PC-20, PC-24), the reads themselves, and the unlocking when the last byte is there.
 *
 * The bytes of the EOF block behind the size are zeroed when a read completes, which PC-21 allows: nothing of them may ever
 * be seen, and a cache whose tails are zero is easier to check.
 */
import {
  type Bio,
  type Bytes,
  EIO,
  type Errno,
  type Iomap,
  MapFlag,
  MapType,
  type Steps,
  Y,
} from '../../model/contract/index.js';
import { type Folio, IO_OWNER } from '../cache/folio.js';
import type { PageCache } from '../cache/page-cache.js';
import { after } from './after.js';
import type { CachedInode } from './cached-inode.js';
import { type Body, iterate } from './iterate.js';
import type { Iteration, IterationPoints, MapOps } from './iteration.js';
import type { Context } from './platform.js';

const READ_POINTS: IterationPoints = { before: Y['Y-RD1'], after: Y['Y-RD2'], beforeEnd: null, afterEnd: null };

/** True when a run that starts at `at` holds zeroes whatever the device has (PC-20). */
export function isZeroFilled(source: Iomap, at: Bytes, isize: Bytes): boolean {
  return source.type !== MapType.MAPPED || (source.flags & MapFlag.NEW) !== 0 || at >= isize;
}

/** The end of the run of not-U blocks that starts at `block`, cut behind the block of the last byte of the file. */
export function runEnd(folio: Folio, block: number, last: number, isize: Bytes): number {
  const end = folio.nextUptodate(block, last);
  if (isize <= folio.pos || isize >= folio.end || folio.blocks === 1) return end;
  const behindEof = Math.floor((isize - 1 - folio.pos) / (folio.size / folio.blocks)) + 1;
  return block < behindEof ? Math.min(end, behindEof) : end;
}

/** Who keeps the folio locked until the read is done. */
export interface FolioReader {
  readDone(length: Bytes, status: Errno): void;
}

/** A read of part of a folio. Its memory is looked up when it completes, because the slab may have moved. */
export class FolioRead implements Bio {
  readonly kind = 'read';
  readonly fua = false;
  readonly atomic = false;
  readonly cargo = 'data';
  readonly addr: Bytes;
  readonly length: Bytes;
  readonly offset: Bytes;
  private readonly inode: CachedInode;
  private readonly folio: Folio;
  /** Null: nobody, the folio is unlocked when its last byte is there (PC-05). */
  private readonly reader: FolioReader | null;

  constructor(
    inode: CachedInode,
    folio: Folio,
    offset: Bytes,
    length: Bytes,
    addr: Bytes,
    reader: FolioReader | null = null,
  ) {
    this.inode = inode;
    this.folio = folio;
    this.reader = reader;
    this.offset = offset;
    this.length = length;
    this.addr = addr;
    inode.platform.reads.begin();
  }

  get file(): number {
    return this.inode.id;
  }

  get memory(): Uint8Array {
    return this.inode.cache.memory.bytes;
  }

  get at(): number {
    return this.folio.at + (this.offset - this.folio.pos);
  }

  done(status: Errno): void {
    if (status === 0) this.publish();
    this.inode.platform.reads.end();
    if (this.reader !== null) this.reader.readDone(this.length, status);
    else finishRead(this.inode.cache, this.folio, this.length);
  }

  /** The bytes are there: the tail behind the end of the file is zeroed, and U set (PC-21, PC-22). */
  private publish(): void {
    const { inode, folio, offset } = this;
    const end = offset + this.length;
    const tail = Math.max(offset, inode.isize);
    if (tail < end) this.memory.fill(0, folio.at + (tail - folio.pos), folio.at + (end - folio.pos));
    inode.cache.markUptodate(folio, offset, end, false);
  }
}

/** `bytes` of the folio's read are over; with the last of them the folio is unlocked (PC-05). */
function finishRead(cache: PageCache, folio: Folio, bytes: Bytes): void {
  folio.readPending -= bytes;
  cache.touch(folio);
  if (folio.readPending === 0) cache.unlock(folio);
}

/** Fills [from, to) of a locked folio from the mapping; returns how many bytes are on their way from the device. */
function fillPart(context: Context, inode: CachedInode, source: Iomap, folio: Folio, from: Bytes, to: Bytes): Bytes {
  const { cache, isize } = inode;
  if (folio.blocks > 1 && !folio.hasBlockState) cache.addBlockState(folio);
  const size = cache.blockSize;
  const last = Math.ceil((to - folio.pos) / size);
  let reading = 0;
  let block = folio.nextNotUptodate(Math.floor((from - folio.pos) / size), last);
  while (block < last) {
    const end = runEnd(folio, block, last, isize);
    const start = folio.pos + block * size;
    // A folio can be smaller than a block only in name: with one block the run is the folio.
    const stop = folio.blocks === 1 ? folio.end : folio.pos + end * size;
    if (isZeroFilled(source, start, isize)) {
      cache.memory.bytes.fill(0, folio.at + (start - folio.pos), folio.at + (stop - folio.pos));
      cache.markUptodate(folio, start, stop, true);
    } else {
      reading += stop - start;
      context.device.submit(new FolioRead(inode, folio, start, stop - start, source.addr + (start - source.offset)));
    }
    block = folio.nextNotUptodate(end, last);
  }
  return reading;
}

/** INLINE: the buffer's bytes up to the size, zeroes behind (section 3.1 step 2). */
function fillInline(inode: CachedInode, iomap: Iomap, folio: Folio): Errno {
  const size = inode.isize - iomap.offset;
  if (size > iomap.length || iomap.inlineData === null) return EIO;
  const { bytes } = inode.cache.memory;
  const at = folio.at + (iomap.offset - folio.pos);
  bytes.set(iomap.inlineData.subarray(0, Math.max(0, size)), at);
  bytes.fill(0, at + Math.max(0, size), folio.at + folio.size);
  inode.cache.markUptodate(folio, iomap.offset, folio.end, false);
  return 0;
}

/**
 * Starts the reads of `folios`, which lie behind one another without gaps, locked by the task and not uptodate. Each is
 * unlocked when its last byte is there, at once if nothing was read. Returns begin's errno if there was one (PC-23, PC-25).
 */
export function readFolios(
  context: Context,
  inode: CachedInode,
  ops: MapOps,
  folios: readonly Folio[],
): Errno | Steps<Errno> {
  const start = folios[0]!.pos;
  const end = folios.at(-1)!.end;
  const iteration = context.platform.iterations.take(context, inode, ops, start, end - start, 0);
  const filling = new Filling(context, inode, iteration, folios);
  const filled = iterate(iteration, READ_POINTS, filling);
  return typeof filled === 'number' ? filling.finish(filled) : after(filled, errno => filling.finish(errno));
}

/** The folios of one read, of which the present one is being filled. */
class Filling implements Body {
  readonly #context: Context;
  readonly #inode: CachedInode;
  readonly #iteration: Iteration;
  readonly #folios: readonly Folio[];
  #current = 0;
  /** Bytes of the present folio that are on their way from the device. */
  #submitted: Bytes = 0;

  constructor(context: Context, inode: CachedInode, iteration: Iteration, folios: readonly Folio[]) {
    this.#context = context;
    this.#inode = inode;
    this.#iteration = iteration;
    this.#folios = folios;
    inode.platform.reads.begin();
    beginRead(folios[0]!);
  }

  /** Fills what the mapping covers. */
  serve(): Errno {
    const iteration = this.#iteration;
    const { iomap } = iteration;
    while (iteration.rest > 0) {
      const folio = this.#folios[this.#current]!;
      const to = Math.min(iteration.pos + iteration.rest, folio.end);
      if (iomap.type === MapType.INLINE) {
        const errno = fillInline(this.#inode, iomap, folio);
        if (errno !== 0) return errno;
      } else this.#submitted += fillPart(this.#context, this.#inode, iteration.source, folio, iteration.pos, to);
      iteration.advance(to - iteration.pos);
      if (to === folio.end) {
        this.#end(folio);
        const following = this.#folios[this.#current];
        if (following !== undefined) beginRead(following);
      }
    }
    return 0;
  }

  /** Lets go of what was not walked over. */
  finish(errno: Errno): Errno {
    this.#inode.platform.reads.end();
    while (this.#current < this.#folios.length) {
      const folio = this.#folios[this.#current]!;
      // The read of this one never began.
      if (folio.readPending === 0) {
        this.#inode.cache.unlock(folio);
        this.#current++;
      } else this.#end(folio);
    }
    return errno;
  }

  /** PC-05 `[N]`: the bias of the submitter goes; what was submitted keeps the folio locked. */
  #end(folio: Folio): void {
    endRead(this.#inode.cache, folio, this.#submitted);
    this.#submitted = 0;
    this.#current++;
  }
}

/** The bias of the submitter: the folio stays locked until all of it was walked over (PC-05 `[N]`). */
function beginRead(folio: Folio): void {
  folio.readPending = folio.size;
}

function endRead(cache: PageCache, folio: Folio, submitted: Bytes): void {
  if (folio.lockOwner !== IO_OWNER && folio.readPending > folio.size - submitted) cache.handLockToIo(folio);
  finishRead(cache, folio, folio.size - submitted);
}
