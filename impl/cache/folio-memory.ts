/**
 * The memory of all folios of a target: one slab, cut by a buddy allocator into naturally aligned powers of two of the
 * smallest folio. Fresh folios hold MEMORY_POISON, so that an undefined byte that gets published is seen (INV-25).
 *
 * The slab grows by doubling, so nobody may keep `bytes` across an allocation. A reset costs as much as was used.
 */
import { MEMORY_POISON } from '../../model/contract/index.js';

const FIRST_UNITS = 256;

export class FolioMemory {
  /** The slab. Read it anew after every allocation. */
  bytes: Uint8Array;
  /** Bytes of the smallest folio, and of the largest block the allocator keeps. */
  readonly unit: number;
  readonly #largest: number;
  readonly #orders: number;
  /** Free blocks of each order, as unit numbers. */
  readonly #free: number[][] = [];
  /** Per unit: the order of the free block that starts here, or −1; and its place in `#free`. */
  #freeOrder: Int8Array;
  #place: Int32Array;
  /** Bit vectors that were given back, by their number of words. */
  readonly #bits: Uint32Array[][] = [];
  #scratch = new Uint8Array(0);
  /** Units handed out or freed so far; behind it lies memory never used since the reset. */
  #frontier = 0;

  constructor(unit: number, largest: number) {
    this.unit = unit;
    this.#largest = largest / unit;
    this.#orders = Math.log2(this.#largest) + 1;
    for (let order = 0; order < this.#orders; order++) this.#free.push([]);
    const units = Math.max(FIRST_UNITS, this.#largest);
    this.bytes = new Uint8Array(units * unit);
    this.#freeOrder = new Int8Array(units).fill(-1);
    this.#place = new Int32Array(units);
  }

  /** Memory for a folio of `size` bytes: its place in the slab, filled with poison. */
  allocate(size: number): number {
    const units = size / this.unit;
    const order = 31 - Math.clz32(units);
    let from = order;
    while (from < this.#orders && this.#free[from]!.length === 0) from++;
    let first: number;
    if (from < this.#orders) first = this.#take(this.#free[from]!.at(-1)!, from);
    else {
      first = this.#frontier;
      this.#frontier += this.#largest;
      if (this.#frontier > this.#freeOrder.length) this.#grow();
      from = this.#orders - 1;
    }
    while (from > order) {
      from--;
      this.#put(first + (1 << from), from);
    }
    const at = first * this.unit;
    this.bytes.fill(MEMORY_POISON, at, at + size);
    return at;
  }

  free(at: number, size: number): void {
    let first = at / this.unit;
    let order = 31 - Math.clz32(size / this.unit);
    while (order < this.#orders - 1) {
      const buddy = first ^ (1 << order);
      if (this.#freeOrder[buddy] !== order) break;
      this.#take(buddy, order);
      first = Math.min(first, buddy);
      order++;
    }
    this.#put(first, order);
  }

  /** A clear bit vector: made anew only if none of that length was given back. */
  takeBits(words: number): Uint32Array {
    const reused = this.#bits[words]?.pop();
    if (reused === undefined) return new Uint32Array(words);
    // Mostly one word, for which a fill costs more.
    for (let i = 0; i < words; i++) reused[i] = 0;
    return reused;
  }

  giveBits(bits: Uint32Array): void {
    const list = this.#bits[bits.length];
    if (list === undefined) this.#bits[bits.length] = [bits];
    else list.push(bits);
  }

  /** At least so many bytes of memory that is nobody's, lent until the next call. */
  scratch(bytes: number): Uint8Array {
    if (this.#scratch.length < bytes) this.#scratch = new Uint8Array(2 * bytes);
    return this.#scratch;
  }

  /** Everything is free again. */
  reset(): void {
    for (const list of this.#free) list.length = 0;
    this.#freeOrder.fill(-1, 0, this.#frontier);
    this.#frontier = 0;
  }

  #put(first: number, order: number): void {
    const list = this.#free[order]!;
    this.#freeOrder[first] = order;
    this.#place[first] = list.length;
    list.push(first);
  }

  #take(first: number, order: number): number {
    const list = this.#free[order]!;
    const last = list.pop()!;
    if (last !== first) {
      const place = this.#place[first]!;
      list[place] = last;
      this.#place[last] = place;
    }
    this.#freeOrder[first] = -1;
    return first;
  }

  #grow(): void {
    const units = this.#freeOrder.length * 2;
    const bytes = new Uint8Array(units * this.unit);
    bytes.set(this.bytes);
    this.bytes = bytes;
    const freeOrder = new Int8Array(units).fill(-1);
    freeOrder.set(this.#freeOrder);
    this.#freeOrder = freeOrder;
    const place = new Int32Array(units);
    place.set(this.#place);
    this.#place = place;
  }
}
