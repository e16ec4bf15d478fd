/**
 * One folio: where its bytes are, its flags, and, where it holds more than one block, which blocks are uptodate (U) and
 * dirty (D) and how many bytes of I/O are in flight (pagecache.md section 1). A folio is its own `FolioView` and the thing
 * that waits for its lock; what moves it between states, and tells about it, is the page cache.
 */
import {
  type Bytes,
  type FileId,
  type FolioView,
  LoneTask,
  type Task,
  type TaskId,
  type Waitable,
} from '../../model/contract/index.js';
import { type Holdable, LockLevel } from '../sync/index.js';
import { nextClear, nextSet, setBits, testBit, wordsFor } from './bits.js';
import type { FolioMemory } from './folio-memory.js';
import type { PageCache } from './page-cache.js';

/** Owner of the lock of a folio whose read is in flight: completion will unlock it. */
export const IO_OWNER: Task = new LoneTask(-1);

export class Folio implements FolioView, Waitable, Holdable {
  readonly level = LockLevel.folio;
  readonly file: FileId;
  pos: Bytes;
  size: Bytes;
  /** Where the bytes start in the slab. */
  at: number;
  /** The cache it belongs to; null once removed. */
  cache: PageCache | null;
  /** Blocks it holds; 1 also where it is smaller than a block could be. */
  blocks: number;
  lockOwner: Task | null = null;
  uptodate = false;
  dirty = false;
  /** Without block state: writeback has cleared `dirty` and not yet the D it stands for; locked meanwhile (PC-03). */
  cleaning = false;
  writeback = false;
  /** Integrity writeback has chosen it (section 2 step 1 of writeback.md). */
  chosen = false;
  /** A view may store to it without a fault. */
  writable = false;
  /** References beyond the cache's own. */
  extraReferences = 0;
  /** Block state exists. Without it the folio flags alone carry U and D. */
  hasBlockState = false;
  uptodateBits: Uint32Array = NO_BITS;
  dirtyBits: Uint32Array = NO_BITS;
  readPending: Bytes = 0;
  /** Bytes of the present writeback cycle that are not done, the bias of the submitter included (PC-05). */
  writing: Bytes = 0;

  constructor(cache: PageCache, file: FileId, pos: Bytes, size: Bytes, at: number, blockSize: Bytes) {
    this.cache = cache;
    this.file = file;
    this.pos = pos;
    this.size = size;
    this.at = at;
    this.blocks = size <= blockSize ? 1 : size / blockSize;
  }

  get end(): Bytes {
    return this.pos + this.size;
  }

  get writePending(): Bytes {
    return this.hasBlockState ? this.writing : 0;
  }

  get locked(): boolean {
    return this.lockOwner !== null;
  }

  /** Creates block state: what the folio flags say holds for every block (PC-02, PC-03). */
  addBlockState(memory: FolioMemory): void {
    const words = wordsFor(this.blocks);
    this.uptodateBits = memory.takeBits(words);
    this.dirtyBits = memory.takeBits(words);
    this.hasBlockState = true;
    if (this.uptodate) setBits(this.uptodateBits, 0, words * 32);
    if (this.dirty) setBits(this.dirtyBits, 0, words * 32);
  }

  dropBlockState(memory: FolioMemory): void {
    if (!this.hasBlockState) return;
    memory.giveBits(this.uptodateBits);
    memory.giveBits(this.dirtyBits);
    this.hasBlockState = false;
    this.uptodateBits = NO_BITS;
    this.dirtyBits = NO_BITS;
  }

  isBlockUptodate(block: number): boolean {
    return this.uptodate || (this.hasBlockState && testBit(this.uptodateBits, block));
  }

  isBlockDirty(block: number): boolean {
    return this.hasBlockState ? testBit(this.dirtyBits, block) : this.dirty || this.cleaning;
  }

  /** The first block in [from, to) with U clear, or `to`. */
  nextNotUptodate(from: number, to: number): number {
    if (this.uptodate) return to;
    return this.hasBlockState ? nextClear(this.uptodateBits, from, to) : from;
  }

  /** The first block in [from, to) with U set, or `to`. */
  nextUptodate(from: number, to: number): number {
    if (this.uptodate) return from;
    return this.hasBlockState ? nextSet(this.uptodateBits, from, to) : to;
  }

  /** The first block in [from, to) with D set, or `to`. */
  nextDirty(from: number, to: number): number {
    if (this.hasBlockState) return nextSet(this.dirtyBits, from, to);
    return this.dirty ? from : to;
  }

  /** The first block in [from, to) with D clear, or `to`. */
  nextClean(from: number, to: number): number {
    if (this.hasBlockState) return nextClear(this.dirtyBits, from, to);
    return this.dirty ? to : from;
  }

  describe(): string {
    return `folio [${this.pos}, ${this.end}) of file ${this.file}`;
  }

  ready(): boolean {
    return this.lockOwner === null;
  }

  blockers(): readonly TaskId[] {
    return this.lockOwner === null || this.lockOwner === IO_OWNER ? [] : [this.lockOwner.id];
  }
}

const NO_BITS = new Uint32Array(0);
