/**
 * Bytes that have several possible values (INV-30): the values beside the one the file holds. Calls that overlap leave whole
 * ranges of them, so they are kept dense, in pieces.
 */
import type { Bytes } from '../../contract/index.js';

/** Bytes of a piece. */
export const PIECE = 512;

class Piece {
  start: Bytes = 0;
  /** How many bytes have several values. */
  doubtful = 0;
  /** How many values each byte has beside the one the file holds. */
  readonly counts = new Uint16Array(PIECE);
  /** The first value of each byte, the second, and so on. */
  private readonly values: Uint8Array[] = [];

  add(i: number, value: number): void {
    const count = this.counts[i]!;
    for (let k = 0; k < count; k++) if (this.values[k]![i] === value) return;
    if (this.values.length === count) this.values.push(new Uint8Array(PIECE));
    this.values[count]![i] = value;
    this.counts[i] = count + 1;
    if (count === 0) this.doubtful++;
  }

  includes(i: number, value: number): boolean {
    for (let k = this.counts[i]! - 1; k >= 0; k--) if (this.values[k]![i] === value) return true;
    return false;
  }

  /** Has one of the `n` bytes several values? */
  within(i: number, n: number): boolean {
    for (let k = 0; k < n; k++) if (this.counts[i + k] !== 0) return true;
    return false;
  }

  forget(i: number): void {
    if (this.counts[i] === 0) return;
    this.counts[i] = 0;
    this.doubtful--;
  }

  each(i: number, visit: (value: number) => void): void {
    for (let k = 0; k < this.counts[i]!; k++) visit(this.values[k]![i]!);
  }

  /** Also has what `n` bytes of `other` have from `from` on, from `to` on. */
  join(other: Piece, from: number, to: number, n: number): void {
    for (let k = 0; k < n; k++) {
      const count = other.counts[from + k]!;
      for (let v = 0; v < count; v++) this.add(to + k, other.values[v]![from + k]!);
    }
  }
}

export class Doubts {
  /** By their first byte. None is empty. */
  private readonly pieces: Map<Bytes, Piece> = new Map();
  private readonly spare: Piece[] = [];

  /** Some byte has several values. */
  get some(): boolean {
    return this.pieces.size > 0;
  }

  clear(): void {
    if (!this.some) return;
    for (const piece of this.pieces.values()) this.give(piece);
    this.pieces.clear();
  }

  has(offset: Bytes): boolean {
    const piece = this.pieceAt(offset);
    return piece !== undefined && piece.counts[offset - piece.start] !== 0;
  }

  /** Has a byte in [from, end) several values? */
  within(from: Bytes, end: Bytes): boolean {
    for (const piece of this.pieces.values()) {
      const first = Math.max(0, from - piece.start);
      if (piece.within(first, Math.min(end - piece.start, PIECE) - first)) return true;
    }
    return false;
  }

  includes(offset: Bytes, value: number): boolean {
    const piece = this.pieceAt(offset);
    return piece?.includes(offset - piece.start, value) === true;
  }

  /** How many of the `n` bytes from `offset` on, one behind the other, may be those of `memory` from `at` on. */
  matching(offset: Bytes, n: number, memory: Uint8Array, at: number): number {
    const piece = this.pieceAt(offset);
    if (piece === undefined) return 0;
    const first = offset - piece.start;
    const count = Math.min(n, PIECE - first);
    let k = 0;
    while (k < count && piece.includes(first + k, memory[at + k]!)) k++;
    return k;
  }

  add(offset: Bytes, value: number): void {
    const piece = this.pieceFor(offset);
    piece.add(offset - piece.start, value);
  }

  /** The bytes of [offset, offset + n), which lies in one piece, may be those of `memory` from `at` on, where these are not `held`. */
  addOthers(offset: Bytes, n: number, memory: Uint8Array, at: number, held: Uint8Array): void {
    const piece = this.pieceFor(offset);
    const first = offset - piece.start;
    for (let k = 0; k < n; k++) if (memory[at + k] !== held[k]) piece.add(first + k, memory[at + k]!);
    if (piece.doubtful === 0) this.drop(piece);
  }

  /** The bytes of [from, end) have one value, but those that `unless` names. */
  forget(from: Bytes, end: Bytes, unless?: (offset: Bytes) => boolean): void {
    if (!this.some) return;
    for (const piece of this.pieces.values()) {
      const { start } = piece;
      const behind = Math.min(end - start, PIECE);
      for (let i = Math.max(0, from - start); i < behind; i++)
        if (piece.counts[i] !== 0 && unless?.(start + i) !== true) piece.forget(i);
      if (piece.doubtful === 0) this.drop(piece);
    }
  }

  /** Visits each value of each byte in [from, end). */
  each(from: Bytes, end: Bytes, visit: (offset: Bytes, value: number) => void): void {
    for (const piece of this.pieces.values()) {
      const { start } = piece;
      const behind = Math.min(end - start, PIECE);
      for (let i = Math.max(0, from - start); i < behind; i++)
        if (piece.counts[i] !== 0) piece.each(i, value => visit(start + i, value));
    }
  }

  /** Those of [from, end). */
  copy(from: Bytes, end: Bytes): Doubts {
    const copy = new Doubts();
    this.copyTo(copy, from, end, 0);
    return copy;
  }

  /** The bytes of [from, end) have the same values at `distance` from there, in others. */
  copyTo(others: Doubts, from: Bytes, end: Bytes, distance: number): void {
    for (const piece of this.pieces.values()) {
      const behind = Math.min(end, piece.start + PIECE);
      for (let at = Math.max(from, piece.start); at < behind; ) {
        const to = (at + distance) % PIECE;
        const n = Math.min(behind - at, PIECE - to);
        if (piece.within(at - piece.start, n)) others.pieceFor(at + distance).join(piece, at - piece.start, to, n);
        at += n;
      }
    }
  }

  /** What lies at and behind `from` moves. */
  shift(from: Bytes, distance: number): void {
    const moved = this.copy(from, Number.POSITIVE_INFINITY);
    this.forget(from, Number.POSITIVE_INFINITY);
    moved.copyTo(this, from, Number.POSITIVE_INFINITY, distance);
  }

  private pieceAt(offset: Bytes): Piece | undefined {
    return this.some ? this.pieces.get(offset - (offset % PIECE)) : undefined;
  }

  private pieceFor(offset: Bytes): Piece {
    const known = this.pieceAt(offset);
    if (known !== undefined) return known;
    const piece = this.spare.pop() ?? new Piece();
    piece.start = offset - (offset % PIECE);
    this.pieces.set(piece.start, piece);
    return piece;
  }

  private drop(piece: Piece): void {
    this.pieces.delete(piece.start);
    this.give(piece);
  }

  private give(piece: Piece): void {
    if (piece.doubtful > 0) piece.counts.fill(0);
    piece.doubtful = 0;
    this.spare.push(piece);
  }
}
