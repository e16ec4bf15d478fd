/**
 * Bytes that were stored through a mapping behind the end of the file, inside the page that holds it. They are not
 * content and never become it (PC-65), but a mapped load and the cache may show them until the tail is zeroed (INV-27).
 */
import { type Bytes, roundDown, roundUp } from '../../contract/index.js';
import type { FileModel } from './file.js';
import type { State } from './state.js';

/** Remembers the part of a store of `bytes` at `offset` that lies behind the end, or the least that the end may be. */
export function addScribble(state: State, file: FileModel, offset: Bytes, bytes: Uint8Array, last: Bytes): void {
  scribble(state, file, offset, bytes, last, (at, value) => {
    file.scribble[at - file.scribbleAt] = value;
    file.scribbleDoubts.forget(at, at + 1);
  });
}

/** The same of a store that may have come before what is remembered, or after it. */
export function mayAddScribble(state: State, file: FileModel, offset: Bytes, bytes: Uint8Array): void {
  scribble(state, file, offset, bytes, file.size, (at, value) => {
    if (file.scribble[at - file.scribbleAt] !== value) file.scribbleDoubts.add(at, value);
  });
}

function scribble(
  state: State,
  file: FileModel,
  offset: Bytes,
  bytes: Uint8Array,
  last: Bytes,
  store: (at: Bytes, value: number) => void,
): void {
  const { pageSize } = state.geometry;
  const end = Math.min(offset + bytes.length, roundUp(file.size, pageSize));
  if (end <= last) return;
  if (file.scribble.length === 0) {
    // Where the end is uncertain it may be in a later page than the least of it: the store lies in that of the end.
    const page = roundDown(end - 1, pageSize);
    file.scribbleAt = Math.max(last, page);
    file.scribble = new Uint8Array(page + pageSize - file.scribbleAt);
  }
  file.scribbles++;
  const behind = Math.min(end, file.scribbleAt + file.scribble.length);
  for (let at = Math.max(offset, last, file.scribbleAt); at < behind; at++) store(at, bytes[at - offset]!);
}

/** The byte behind the end may show this value. */
export function mayBeScribble(file: FileModel, offset: Bytes, seen: number): boolean {
  if (file.scribble.length === 0 || offset < file.size) return false;
  return file.scribble[offset - file.scribbleAt] === seen || file.scribbleDoubts.includes(offset, seen);
}

/** Puts what was stored behind the end into `bytes`, which stand for [offset, offset + length). */
export function loadScribble(file: FileModel, offset: Bytes, length: Bytes, bytes: Uint8Array): void {
  const from = Math.max(offset, file.size, file.scribbleAt);
  const to = Math.min(offset + length, file.scribbleAt + file.scribble.length);
  for (let at = from; at < to; at++) bytes[at - offset] = file.scribble[at - file.scribbleAt]!;
}
