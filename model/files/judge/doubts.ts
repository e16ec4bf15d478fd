/** Bytes of which several values are possible: an observation settles them (INV-30). */
import type { Bytes } from '../../contract/index.js';
import { byteAt, firstDifference } from '../state/bytes.js';
import type { FileModel } from '../state/file.js';

/** Bytes that have several possible values, and those beside the one the file holds. */
export type Doubts = readonly (readonly [at: Bytes, values: readonly number[]])[];

/** Of the bytes in [from, end) these, which began at `at`, may still be there. */
export function older(file: FileModel, from: Bytes, end: Bytes, bytes: Uint8Array, at: Bytes): void {
  const start = Math.max(from, at);
  mayBeThese(file, start, Math.min(end, at + bytes.length, file.size), bytes, start - at);
}

/** What was possible is so again. */
export function doubtAgain(file: FileModel, doubts: Doubts): void {
  for (const [at, values] of doubts) if (at < file.size) for (const value of values) mayBe(file, at, value);
}

/** The bytes in [from, to) have the values of `bytes` from `index` on, or those that are known to be possible already. */
export function mayBeThese(file: FileModel, from: Bytes, to: Bytes, bytes: Uint8Array, index: number): void {
  for (let at = from; at < to; at++) {
    at = firstDifference(file, at, to - at, bytes, index + (at - from));
    if (at < 0) return;
    alsoBe(file, at, bytes[index + (at - from)]!);
  }
}

/** The byte has this value or one that is known to be possible already. */
export function mayBe(file: FileModel, at: Bytes, value: number): void {
  if (value !== byteAt(file, at)) alsoBe(file, at, value);
}

/** A value that is not the one the file holds. */
function alsoBe(file: FileModel, at: Bytes, value: number): void {
  const known = file.doubts.get(at);
  if (known === undefined) file.doubts.set(at, [value]);
  else if (!known.includes(value)) known.push(value);
}
