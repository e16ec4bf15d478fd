/** Bytes of which several values are possible: an observation settles them (INV-30). */
import type { Bytes } from '../../contract/index.js';
import { byteAt, firstDifference, loadBytes } from '../state/bytes.js';
import { PIECE } from '../state/doubts.js';
import type { FileModel } from '../state/file.js';
import type { Store } from './stores.js';

const held = new Uint8Array(PIECE);

/** Of the bytes in [from, end) these, which began at `at`, may still be there. */
export function older(file: FileModel, from: Bytes, end: Bytes, bytes: Uint8Array, at: Bytes): void {
  const start = Math.max(from, at);
  mayBeThese(file, start, Math.min(end, at + bytes.length, file.size), bytes, start - at);
}

/** What was possible before the store is so again. */
export function doubtAgain(file: FileModel, { doubts, offset, before }: Store): void {
  doubts?.each(offset, Math.min(offset + before.length, file.size), (at, value) => mayBe(file, at, value));
}

/** The bytes in [from, to) have the values of `bytes` from `index` on, or those that are known to be possible already. */
export function mayBeThese(file: FileModel, from: Bytes, to: Bytes, bytes: Uint8Array, index: number): void {
  for (let at = from; at < to; ) {
    at = firstDifference(file, at, to - at, bytes, index + (at - from));
    if (at < 0) return;
    const n = Math.min(to - at, PIECE - (at % PIECE));
    loadBytes(file, at, n, held, 0);
    file.doubts.addOthers(at, n, bytes, index + (at - from), held);
    at += n;
  }
}

/** The byte has this value or one that is known to be possible already. */
export function mayBe(file: FileModel, at: Bytes, value: number): void {
  if (value !== byteAt(file, at)) file.doubts.add(at, value);
}
