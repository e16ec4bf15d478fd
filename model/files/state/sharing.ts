/**
 * Which blocks use the same storage. A block that never took part in sharing has none of these numbers (owner 0); a
 * clone gives source and target the same number, and a store, a punch or a copy-on-write takes it away again (MAP-23).
 * A store takes effect on the map when it is written back; until then the block is leaving.
 *
 * For each number the model counts the owners it knows of for certain and those that may exist: a block is shared if two
 * are certain, may be if two are possible (INV-14, INV-38).
 */
import { Block } from './blocks.js';
import type { Chunk } from './chunk.js';
import type { FileModel } from './file.js';

export class SharedStorage {
  private count = 1;
  private most = new Int32Array(1024);
  private least = new Int32Array(1024);
  /** What removed files may still own, a number for each of their blocks. */
  private readonly removed: number[] = [];
  /** How often storage ended to be shared. */
  endings = 0;

  clear(): void {
    this.count = 1;
    if (this.removed.length > 0) this.removed.length = 0;
  }

  /** A number that nobody owns yet. */
  next(): number {
    if (this.count === this.most.length) {
      this.most = grown(this.most);
      this.least = grown(this.least);
    }
    const storage = this.count++;
    this.most[storage] = 0;
    this.least[storage] = 0;
    return storage;
  }

  /** Two owners are possible, one of them being asked for. */
  mayBeShared(storage: number): boolean {
    return storage !== 0 && this.most[storage]! >= 2;
  }

  /** Two owners are certain. Only for a block that is itself a certain owner. */
  mustBeShared(storage: number): boolean {
    return storage !== 0 && this.least[storage]! >= 2;
  }

  /** Block `index` of the chunk, which has no owner number, gets one. Its UNSURE bit says whether it certainly owns. */
  own(file: FileModel, chunk: Chunk, index: number, storage: number): void {
    chunk.owning()[index] = storage;
    file.owned++;
    this.most[storage]!++;
    if ((chunk.state[index]! & Block.UNSURE) === 0) this.least[storage]!++;
  }

  /** The block has storage of its own from now on, or none. */
  release(file: FileModel, chunk: Chunk, index: number): void {
    const storage = Math.abs(chunk.owners?.[index] ?? 0);
    if (storage === 0) return;
    chunk.owners![index] = 0;
    file.owned--;
    if (--this.most[storage]! === 1) this.endings++;
    if ((chunk.state[index]! & Block.UNSURE) === 0) this.least[storage]!--;
    chunk.state[index]! &= ~Block.UNSURE;
  }

  /**
   * The block was stored to and will have storage of its own; the map may show the shared one until the store is written
   * back (WB-52). Its number is negative meanwhile.
   */
  leave(chunk: Chunk, index: number): void {
    this.doubt(chunk, index);
    chunk.owners![index] = -Math.abs(chunk.owners![index]!);
  }

  /** The store may have come before the sharing, which it then did not end. */
  mayStay(chunk: Chunk, index: number): void {
    this.doubt(chunk, index);
    if (chunk.owners !== null) chunk.owners[index] = Math.abs(chunk.owners[index]!);
  }

  /** From now on it is not certain that the block still uses the storage. */
  doubt(chunk: Chunk, index: number): void {
    const storage = Math.abs(chunk.owners?.[index] ?? 0);
    if (storage === 0 || (chunk.state[index]! & Block.UNSURE) !== 0) return;
    this.least[storage]!--;
    chunk.state[index]! |= Block.UNSURE;
  }

  /** One owner more is possible, unseen: where the block went in its file, or itself, if what would end its sharing failed. */
  mayBeOwnedUnseen(chunk: Chunk, index: number): void {
    const storage = Math.abs(chunk.owners?.[index] ?? 0);
    if (storage === 0) return;
    this.doubt(chunk, index);
    this.most[storage]!++;
  }

  /** The inode of a removed file is taken apart in the background, so its block counts as shared for a while. */
  mayOutlive(chunk: Chunk, index: number): void {
    this.mayBeOwnedUnseen(chunk, index);
    const storage = Math.abs(chunk.owners?.[index] ?? 0);
    if (storage !== 0) this.removed.push(storage);
  }

  /** An unmount waits until removed inodes are taken apart. */
  removedAreGone(): void {
    for (let storage = this.removed.pop(); storage !== undefined; storage = this.removed.pop())
      if (--this.most[storage]! === 1) this.endings++;
  }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}
