/**
 * A file as a serial order of whole calls sees it: a size and the bytes that are followed. Either may be unknown, until an answer
 * tells, or free: somebody who is not bound by the order may change it at any time.
 */
import type { Bytes } from '../../model/contract/index.js';

const UNKNOWN = -1;
const FREE = -2;

export class SerialState {
  size: Bytes;
  /** The size may be anything at any time. */
  sizeFree = false;
  private readonly offsets: readonly Bytes[];
  private readonly bytes: Int16Array;

  /** `offsets`: of the bytes that are followed, in ascending order. */
  constructor(size: Bytes, offsets: readonly Bytes[], bytes = new Int16Array(offsets.length).fill(UNKNOWN)) {
    this.size = size;
    this.offsets = offsets;
    this.bytes = bytes;
  }

  copy(): SerialState {
    const copy = new SerialState(this.size, this.offsets, this.bytes.slice());
    copy.sizeFree = this.sizeFree;
    return copy;
  }

  /** What distinguishes it from other states of the same search. */
  key(): string {
    return `${this.size}:${this.bytes.join(',')}`;
  }

  /** Others may store to [from, to) at any time. */
  free(from: Bytes, to: Bytes): void {
    this.each(from, to, at => {
      this.bytes[at] = FREE;
    });
  }

  store(from: Bytes, values: Uint8Array): void {
    this.each(from, from + values.length, (at, offset) => {
      if (this.bytes[at] !== FREE) this.bytes[at] = values[offset - from]!;
    });
  }

  zero(from: Bytes, to: Bytes): void {
    this.each(from, to, at => {
      if (this.bytes[at] !== FREE) this.bytes[at] = 0;
    });
  }

  /** The file ends at `size`; what comes below its end reads as zeroes, what falls behind it is gone. */
  resize(size: Bytes): void {
    if (this.size < 0) this.zero(size, Number.POSITIVE_INFINITY);
    else this.zero(Math.min(size, this.size), Math.max(size, this.size));
    this.size = size;
  }

  /** The file ends at `end` at the least. */
  grow(end: Bytes): void {
    if (this.size >= 0 && end > this.size) this.resize(end);
  }

  /** Can these bytes be read? What was unknown is known then. */
  shows(from: Bytes, values: Uint8Array): boolean {
    let right = true;
    this.each(from, from + values.length, (at, offset) => {
      const value = values[offset - from]!;
      if (this.bytes[at] === UNKNOWN) this.bytes[at] = value;
      else if (this.bytes[at] !== FREE && this.bytes[at] !== value) right = false;
    });
    return right;
  }

  private each(from: Bytes, to: Bytes, visit: (at: number, offset: Bytes) => void): void {
    const { offsets } = this;
    let low = 0;
    for (let high = offsets.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if (offsets[middle]! < from) low = middle + 1;
      else high = middle;
    }
    for (let at = low; at < offsets.length && offsets[at]! < to; at++) visit(at, offsets[at]!);
  }
}
