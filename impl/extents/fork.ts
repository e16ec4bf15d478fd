/**
 * The extent map of one fork of a file: sorted, disjoint records in one typed array, and the reservations its delayed
 * extents hold. Every change goes through `assign` (or the two halves of a shift), which splits and merges as needed,
 * keeps the census of delayed blocks, and changes the fork's cookie. What the states mean is the owner's business: a data
 * fork has Fork.delay/unwritten/written, a copy-on-write fork CowFork.delay/real/busy, with the same numbers. Realizes
 * LK-20, MAP-51, INV-15 and the indlen reservation of filesystems.md section 1. The array is searched by halving; at
 * hundreds of thousands of extents an insertion costs a move of the tail.
 */
import { type DeviceBlock, type FileBlock, Fork, Moved } from '../../model/contract/index.js';

const WIDTH = 4;
const FIRST = 0;
const END = 1;
const STATE = 2;
const BLOCK = 3;
/** Records of the extent index that one index block holds, for the worst case that `indlen` prepares for. */
const RECORDS_PER_INDEX_BLOCK = 64;

/** Index blocks held back for a delayed extent of this many blocks (XFS's worst indlen, with one level). */
export function indexBlocks(count: number): number {
  return Math.ceil(count / RECORDS_PER_INDEX_BLOCK);
}

/** The replacement an assignment builds: at most left neighbour, left rest, new, right rest, right neighbour. */
const scratch = new Float64Array(WIDTH * 5);

/** What all forks begin with: most copy-on-write forks never get a record, and recovery makes forks by the thousand. */
const none = new Float64Array(0);

export class ExtentFork {
  count = 0;
  /** Freshness counter: changes with every change of the map, never repeats (MAP-51). */
  cookie = 0;
  /** Delayed blocks, and index blocks held back for them. */
  delayed = 0;
  indexReservation = 0;
  /** Blocks whose state or place may have changed since this was cleared. */
  readonly moved = new Moved();
  private records = none;
  private filled = 0;

  /** An empty fork; the cookie goes on, for the inode may be the same. */
  clear(): void {
    if (this.count > 0) this.cookie++;
    this.moved.add(0, Number.POSITIVE_INFINITY);
    this.count = 0;
    this.delayed = 0;
    this.indexReservation = 0;
  }

  /** A bare revocation: every mapping handed out is outdated, though nothing changed. */
  revoke(): void {
    this.cookie++;
  }

  /** Free-space blocks this fork has reserved. */
  get reserved(): number {
    return this.delayed + this.indexReservation;
  }

  first(index: number): FileBlock {
    return this.records[WIDTH * index + FIRST]!;
  }

  end(index: number): FileBlock {
    return this.records[WIDTH * index + END]!;
  }

  state(index: number): number {
    return this.records[WIDTH * index + STATE]!;
  }

  /** Device block of the record's first block, −1 for a delayed one. */
  block(index: number): DeviceBlock {
    return this.records[WIDTH * index + BLOCK]!;
  }

  /** Device block of file block `at`, inside the record; −1 for a delayed one. */
  blockAt(index: number, at: FileBlock): DeviceBlock {
    const block = this.block(index);
    return block < 0 ? -1 : block + at - this.first(index);
  }

  /** Index of the record that contains `at` or, if none does, of the first one behind it (`count` if there is none). */
  find(at: FileBlock): number {
    const { records } = this;
    let low = 0;
    let high = this.count;
    while (high - low > 8) {
      const middle = (low + high) >>> 1;
      if (records[WIDTH * middle + END]! > at) high = middle + 1;
      else low = middle + 1;
    }
    while (low < this.count && records[WIDTH * low + END]! <= at) low++;
    return low;
  }

  /** State of one block: hole (0) where no record is. */
  stateAt(at: FileBlock): number {
    const index = this.find(at);
    return index < this.count && this.first(index) <= at ? this.state(index) : Fork.hole;
  }

  /** Tells of the blocks among the `count` from `first` on that records cover: state and device block. The rest is left alone. */
  fill(first: FileBlock, count: number, states: Uint8Array, blocks: Float64Array): void {
    const { records } = this;
    const end = first + count;
    const stop = WIDTH * this.count;
    for (let at = WIDTH * this.find(first); at < stop && records[at + FIRST]! < end; at += WIDTH) {
      // Where the record begins and ends, counted from `first`.
      const start = records[at + FIRST]! - first;
      const behind = Math.min(count, records[at + END]! - first);
      const state = records[at + STATE]!;
      const block = records[at + BLOCK]!;
      for (let row = Math.max(0, start); row < behind; row++) {
        states[row] = state;
        blocks[row] = block < 0 ? -1 : block + row - start;
      }
    }
  }

  /** Gives [first, end) one state and, unless it is a hole or delayed, consecutive device blocks from `block`. */
  assign(first: FileBlock, end: FileBlock, state: number, block: DeviceBlock): void {
    this.moved.add(first, end);
    let from = this.find(first);
    let to = from;
    while (to < this.count && this.first(to) < end) to++;
    const overlapping = to > from;
    this.filled = 0;
    const leftRest = overlapping && this.first(from) < first;
    const rightRest = overlapping && this.end(to - 1) > end;
    // A neighbour that touches takes part, so that the result is merged with it where states and blocks fit.
    if (!leftRest && from > 0 && this.end(from - 1) === first)
      this.put(this.first(from - 1), first, this.state(from - 1), this.block(from - 1));
    if (leftRest) this.put(this.first(from), first, this.state(from), this.block(from));
    if (state !== Fork.hole) this.put(first, end, state, block);
    if (rightRest) this.put(end, this.end(to - 1), this.state(to - 1), this.blockAt(to - 1, end));
    else if (to < this.count && this.first(to) === end) {
      this.put(end, this.end(to), this.state(to), this.block(to));
      to++;
    }
    if (!leftRest && from > 0 && this.end(from - 1) === first) from--;
    this.replace(from, to);
  }

  /** Appends to the scratch records, joining with the last where that makes one extent. */
  private put(first: FileBlock, end: FileBlock, state: number, block: DeviceBlock): void {
    const last = WIDTH * (this.filled - 1);
    if (
      this.filled > 0 &&
      scratch[last + END] === first &&
      scratch[last + STATE] === state &&
      (block < 0 || scratch[last + BLOCK]! + first - scratch[last + FIRST]! === block)
    ) {
      scratch[last + END] = end;
      return;
    }
    const at = WIDTH * this.filled++;
    scratch[at + FIRST] = first;
    scratch[at + END] = end;
    scratch[at + STATE] = state;
    scratch[at + BLOCK] = state === Fork.delay ? -1 : block;
  }

  /** Puts the scratch records in the place of records [from, to). */
  private replace(from: number, to: number): void {
    this.census(from, to, -1);
    const moved = this.filled - (to - from);
    if (moved > 0 && WIDTH * (this.count + moved) > this.records.length) {
      const wider = new Float64Array(Math.max(WIDTH * 32, this.records.length * 2));
      wider.set(this.records);
      this.records = wider;
    }
    if (moved !== 0 && to < this.count) this.records.copyWithin(WIDTH * (to + moved), WIDTH * to, WIDTH * this.count);
    this.count += moved;
    const { records } = this;
    for (let i = 0, at = WIDTH * from; i < WIDTH * this.filled; i++) records[at++] = scratch[i]!;
    this.census(from, from + this.filled, 1);
    this.cookie++;
  }

  /** Adds the delayed extents among records [from, to) to the reservations, or takes them away. */
  private census(from: number, to: number, sign: 1 | -1): void {
    for (let i = from; i < to; i++) {
      if (this.state(i) !== Fork.delay) continue;
      const blocks = this.end(i) - this.first(i);
      this.delayed += sign * blocks;
      this.indexReservation += sign * indexBlocks(blocks);
    }
  }

  /** Moves the record that starts at or behind `from` and all that follow by `distance` blocks; none may be cut or met. */
  shift(from: FileBlock, distance: number): void {
    this.moved.add(Math.min(from, from + distance), Number.POSITIVE_INFINITY);
    for (let i = this.find(from); i < this.count; i++) {
      this.records[WIDTH * i + FIRST]! += distance;
      this.records[WIDTH * i + END]! += distance;
    }
    this.cookie++;
  }

  /** Cuts the extent that spans `at` in two, as a shift needs it. */
  split(at: FileBlock): void {
    const index = this.find(at);
    if (index === this.count || this.first(index) >= at) return;
    this.filled = 2;
    const { records } = this;
    for (let i = 0; i < WIDTH; i++) {
      scratch[i] = records[WIDTH * index + i]!;
      scratch[WIDTH + i] = scratch[i]!;
    }
    scratch[END] = at;
    scratch[WIDTH + FIRST] = at;
    scratch[WIDTH + BLOCK] = this.blockAt(index, at);
    this.replace(index, index + 1);
  }
}
