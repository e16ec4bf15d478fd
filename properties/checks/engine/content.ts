/**
 * Comparing the content of many blocks with the truth in as few steps as possible: neighbouring blocks whose bytes are
 * neighbours in memory are compared together.
 */
import type { Bytes, Truth } from '../../../model/contract/index.js';
import type { FileTrack } from './file-track.js';

/**
 * What is compared: the rows whose state, under `mask`, is `state`, with the bytes that `memory` has of them. Numbers, not
 * functions, because every row compared would be a call of one that is not known before.
 */
export interface Place {
  readonly memory: Uint8Array;
  readonly mask: number;
  readonly state: number;
  /** The bytes of a row start at its place in the cache; otherwise at that of its block of the data fork. */
  readonly cached: boolean;
}

/** A byte that is not what it may be. */
export interface Wrong {
  readonly offset: Bytes;
  readonly seen: number;
}

/** Compares the rows [first, last) below the file's end; the first wrong byte, or null. */
export function compareRows(
  truth: Truth,
  file: FileTrack,
  blockSize: Bytes,
  first: number,
  last: number,
  place: Place,
): Wrong | null {
  const { rows, isize } = file;
  const { memory, mask, state, cached } = place;
  const { block: blockOf, code: codeOf } = rows;
  const placeOf = cached ? rows.memoryAt : rows.dataBlock;
  const unit = cached ? 1 : blockSize;
  for (let row = first; row < last; ) {
    const block = blockOf[row]!;
    const offset = block * blockSize;
    if (offset >= isize) return null;
    const at = placeOf[row]! * unit;
    if ((codeOf[row]! & mask) !== state || at < 0) {
      row++;
      continue;
    }
    let n = 1;
    for (let next = row + 1; next < last; next++, n++) {
      if (blockOf[next] !== block + n || (codeOf[next]! & mask) !== state) break;
      if (placeOf[next]! * unit !== at + n * blockSize) break;
    }
    const length = Math.min(n * blockSize, isize - offset);
    const wrong = truth.differs(file.id, offset, length, memory, at);
    if (wrong >= 0) return { offset: wrong, seen: memory[at + (wrong - offset)]! };
    row += n;
  }
  return null;
}
