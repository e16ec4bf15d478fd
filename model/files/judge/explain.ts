/**
 * One sentence about a wrong byte: what it shows and who wrote that, what it should be and since when. Uses that every
 * byte of our own fill knows its writer (data.ts), and the file's history.
 */
import { type Bytes, DEVICE_POISON, MEMORY_POISON, tagOf } from '../../contract/index.js';
import { byteAt } from '../state/bytes.js';
import type { FileModel } from '../state/file.js';
import type { Change } from '../state/history.js';

export function explainByte(file: FileModel, offset: Bytes, seen: number): string {
  const expected = offset < file.size ? byteAt(file, offset) : 0;
  const shown = `byte ${offset} of file ${file.id} shows ${seen}${origin(file, offset, seen)}`;
  // A byte that is right may be about to be lost.
  return seen === expected ? shown : `${shown}; expected ${wanted(file, offset, expected)}`;
}

function origin(file: FileModel, offset: Bytes, seen: number): string {
  if (seen === 0) return '';
  if (seen === DEVICE_POISON) return ' (what a device block held before its first write)';
  if (seen === MEMORY_POISON) return ' (memory that was never filled)';
  const tag = tagOf(seen, offset);
  if (tag === 0) return '';
  const writer = newest(file, change => change.tag === tag);
  return writer === null ? ` (the value of data ${tag} here)` : ` = ${writer.name} #${writer.call} (data ${tag})`;
}

function wanted(file: FileModel, offset: Bytes, expected: number): string {
  const value = expected === 0 ? 'zero' : String(expected);
  if (offset >= file.size) return `${value}, for the file ends at ${file.size}`;
  const cause = newest(file, change => offset >= change.offset && offset < change.end);
  if (cause === null) return expected === 0 ? 'zero, for nothing was written there' : value;
  return `${value} since ${cause.name} #${cause.call}${cause.tag === 0 ? '' : ` (data ${cause.tag})`}`;
}

function newest(file: FileModel, test: (change: Change) => boolean): Change | null {
  for (const change of file.history.newestFirst()) if (test(change)) return change;
  return null;
}
