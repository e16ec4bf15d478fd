/**
 * The page cache of one inode: its folios in order of position, and every change of their state, told to the sink as it
 * happens. Lookup is a binary search with a memory of the last hit. Operations over many folios (truncate, invalidate,
 * reclaim, split …) stand in files of their own; nothing here waits.
 */
import { type Bytes, Ev, type FileId, type Geometry, Moved, type Sink, type Task } from '../../model/contract/index.js';
import { EXCLUSIVE, type LockTable } from '../sync/index.js';
import { clearBits, nextClear, nextSet, setBits } from './bits.js';
import { Folio, IO_OWNER } from './folio.js';
import type { FolioMemory } from './folio-memory.js';

/** Why dirty bytes became clean: the third number of the `clean` event. */
export const Cleaned = { written: 0, truncated: 1, discarded: 2, behindEnd: 3 } as const;
export type Cleaned = (typeof Cleaned)[keyof typeof Cleaned];

/** The parts of a platform that a cache uses. */
interface CachePlatform {
  readonly geometry: Geometry;
  readonly sink: Sink;
  readonly memory: FolioMemory;
  readonly locks: LockTable;
}

export class PageCache {
  readonly file: FileId;
  /** In order of position, disjoint. */
  readonly folios: Folio[] = [];
  /** Grows with every change that a view could show. */
  version = 0;
  /** Bytes whose blocks or folios may show something else since this was cleared. */
  readonly moved = new Moved();
  /** Folios with the dirty flag, and under writeback. */
  dirtyCount = 0;
  writebackCount = 0;
  readonly memory: FolioMemory;
  readonly blockSize: Bytes;
  /** The smallest folio, and the largest. */
  readonly smallest: Bytes;
  readonly largest: Bytes;
  readonly #sink: Sink;
  readonly #locks: LockTable;
  #hint = 0;

  constructor(file: FileId, platform: CachePlatform) {
    this.file = file;
    this.memory = platform.memory;
    this.blockSize = platform.geometry.blockSize;
    this.smallest = Math.max(platform.geometry.blockSize, platform.geometry.pageSize);
    this.largest = platform.geometry.maxFolioSize;
    this.#sink = platform.sink;
    this.#locks = platform.locks;
  }

  /** The place in `folios` of the first folio that ends behind `pos`; the number of folios if there is none. */
  placeOf(pos: Bytes): number {
    const folios = this.folios;
    const hint = this.#hint;
    const near = folios[hint];
    if (near !== undefined && near.pos <= pos) {
      if (pos < near.pos + near.size) return hint;
      const after = folios[hint + 1];
      if (after === undefined || pos < after.pos + after.size) return (this.#hint = hint + 1);
    }
    let low = 0;
    let high = folios.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const folio = folios[middle]!;
      if (folio.pos + folio.size <= pos) low = middle + 1;
      else high = middle;
    }
    return (this.#hint = low);
  }

  /** The folio that covers byte `pos`, or null. */
  find(pos: Bytes): Folio | null {
    const folio = this.folios[this.placeOf(pos)];
    return folio !== undefined && folio.pos <= pos ? folio : null;
  }

  /** The first folio that ends behind `pos`, if it begins before `end`. */
  firstIn(pos: Bytes, end: Bytes): Folio | null {
    const folio = this.folios[this.placeOf(pos)];
    return folio !== undefined && folio.pos < end ? folio : null;
  }

  /** Something that a view shows of the folio changes. */
  touch(folio: Folio): void {
    this.version++;
    this.moved.add(folio.pos, folio.pos + folio.size);
  }

  /** Puts a fresh folio of poison into the cache, locked by `task`. The range must be free. */
  add(pos: Bytes, size: Bytes, task: Task): Folio {
    const at = this.memory.allocate(size);
    const folio = new Folio(this, this.file, pos, size, at, this.blockSize);
    this.insert(folio);
    this.#sink.emit(Ev['folio-add'], this.file, pos, size, 0);
    this.tryLock(folio, task);
    return folio;
  }

  /** Puts a folio made elsewhere (a split, a migration) into its place. */
  insert(folio: Folio): void {
    const place = this.placeOf(folio.pos);
    const next = this.folios[place];
    if (next !== undefined && next.pos < folio.pos + folio.size)
      throw new Error(`${folio.describe()} overlaps ${next.describe()}`);
    if (place === this.folios.length) this.folios.push(folio);
    else this.folios.splice(place, 0, folio);
    this.touch(folio);
  }

  /** Takes a folio out. Its memory goes back when the last reference does. */
  remove(folio: Folio): void {
    const place = this.placeOf(folio.pos);
    if (this.folios[place] !== folio) throw new Error(`${folio.describe()} is not in the cache`);
    if (place === this.folios.length - 1) this.folios.pop();
    else this.folios.splice(place, 1);
    if (folio.dirty) this.dirtyCount--;
    folio.cache = null;
    this.touch(folio);
    this.#sink.emit(Ev['folio-remove'], this.file, folio.pos, folio.size, folio.dirty ? 1 : 0);
    if (folio.extraReferences === 0) this.memory.free(folio.at, folio.size);
  }

  get(folio: Folio): void {
    folio.extraReferences++;
    this.touch(folio);
  }

  put(folio: Folio): void {
    if (folio.extraReferences === 0) throw new Error(`${folio.describe()} is put once too often`);
    folio.extraReferences--;
    this.touch(folio);
    if (folio.extraReferences === 0 && folio.cache === null) this.memory.free(folio.at, folio.size);
  }

  tryLock(folio: Folio, task: Task): boolean {
    if (folio.lockOwner !== null) return false;
    folio.lockOwner = task;
    this.touch(folio);
    this.#locks.acquired(folio, task, EXCLUSIVE);
    return true;
  }

  unlock(folio: Folio): void {
    const owner = folio.lockOwner;
    if (owner === null) throw new Error(`${folio.describe()} is not locked`);
    folio.lockOwner = null;
    this.touch(folio);
    if (owner !== IO_OWNER) this.#locks.released(folio, owner, EXCLUSIVE);
  }

  /** From now on completion of I/O owns the lock. */
  handLockToIo(folio: Folio): void {
    if (folio.lockOwner === null || folio.lockOwner === IO_OWNER) throw new Error(`nobody owns ${folio.describe()}`);
    this.#locks.handedOver(folio, folio.lockOwner);
    folio.lockOwner = IO_OWNER;
  }

  /** Bytes [from, to) hold content: U for their blocks, and the folio uptodate when that was the last of it (PC-02). */
  markUptodate(folio: Folio, from: Bytes, to: Bytes, zeroes: boolean): void {
    if (folio.uptodate || from >= to) return;
    if (folio.hasBlockState) {
      setBits(folio.uptodateBits, this.#first(folio, from), this.#last(folio, to));
      folio.uptodate = nextClear(folio.uptodateBits, 0, folio.blocks) === folio.blocks;
    } else folio.uptodate = true;
    this.touch(folio);
    this.#sink.emit(Ev.uptodate, this.file, from, to - from, zeroes ? 1 : 0);
  }

  /** Bytes [from, to) were stored: D for their blocks (PC-34). */
  markDirty(folio: Folio, from: Bytes, to: Bytes, byFault: boolean): void {
    if (from >= to) return;
    if (folio.hasBlockState) setBits(folio.dirtyBits, this.#first(folio, from), this.#last(folio, to));
    if (!folio.dirty) {
      folio.dirty = true;
      this.dirtyCount++;
    }
    this.touch(folio);
    this.#sink.emit(Ev.dirty, this.file, from, to - from, byFault ? 1 : 0);
  }

  addBlockState(folio: Folio): void {
    folio.addBlockState(this.memory);
    this.touch(folio);
  }

  /** D for every block of a folio that was dirty without block state; nothing new was stored. */
  markBlocksDirty(folio: Folio): void {
    setBits(folio.dirtyBits, 0, folio.blocks);
  }

  /** Clears only the folio's flag, as writeback does under the folio lock before it looks at the D bits. */
  clearDirtyFlag(folio: Folio): void {
    if (!folio.dirty) return;
    folio.dirty = false;
    folio.cleaning = !folio.hasBlockState;
    this.dirtyCount--;
    this.touch(folio);
  }

  /** Bytes [from, to), whole blocks or the rest of the folio, are clean now. Only D bits that were set are told. */
  clean(folio: Folio, from: Bytes, to: Bytes, why: Cleaned): void {
    if (from >= to) return;
    this.touch(folio);
    folio.cleaning = false;
    if (!folio.hasBlockState) {
      this.#sink.emit(Ev.clean, this.file, from, to - from, why);
      return;
    }
    const last = this.#last(folio, to);
    let block = nextSet(folio.dirtyBits, this.#first(folio, from), last);
    while (block < last) {
      const end = nextClear(folio.dirtyBits, block, last);
      const at = folio.pos + block * this.blockSize;
      this.#sink.emit(Ev.clean, this.file, at, (end - block) * this.blockSize, why);
      clearBits(folio.dirtyBits, block, end);
      block = nextSet(folio.dirtyBits, end, last);
    }
  }

  setWriteback(folio: Folio): void {
    folio.writeback = true;
    folio.chosen = false;
    this.writebackCount++;
    this.touch(folio);
  }

  endWriteback(folio: Folio): void {
    folio.writeback = false;
    this.writebackCount--;
    this.touch(folio);
    this.#sink.emit(Ev['writeback-end'], this.file, folio.pos, folio.size, 0);
  }

  setWritable(folio: Folio, writable: boolean): void {
    folio.writable = writable;
    this.touch(folio);
  }

  #first(folio: Folio, from: Bytes): number {
    return Math.floor((from - folio.pos) / this.blockSize);
  }

  #last(folio: Folio, to: Bytes): number {
    return Math.ceil((to - folio.pos) / this.blockSize);
  }
}
