/**
 * Comparing the content of many blocks with the truth in as few steps as possible: neighbouring blocks whose bytes are
 * neighbours in memory are compared together.
 */
import type { Bytes, Truth } from '../../../model/contract/index.js';
import type { FileTrack } from './file-track.js';
import type { Rows } from './rows.js';

/** What is compared: for a row, where its bytes start in `memory`, or −1 to leave it out. */
export interface Place {
  readonly memory: Uint8Array;
  at(rows: Rows, row: number): number;
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
  const { memory } = place;
  for (let row = first; row < last; ) {
    const at = place.at(rows, row);
    const block = rows.block[row]!;
    const offset = block * blockSize;
    if (offset >= isize) return null;
    if (at < 0) {
      row++;
      continue;
    }
    let n = 1;
    while (row + n < last && rows.block[row + n] === block + n && place.at(rows, row + n) === at + n * blockSize) n++;
    const length = Math.min(n * blockSize, isize - offset);
    const wrong = truth.differs(file.id, offset, length, memory, at);
    if (wrong >= 0) return { offset: wrong, seen: memory[at + (wrong - offset)]! };
    row += n;
  }
  return null;
}
