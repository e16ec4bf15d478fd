/**
 * Bytes that were stored through a mapping behind the end of the file, inside the page that holds it. They are not
 * content and never become it (PC-65), but a mapped load and the cache may show them until the tail is zeroed (INV-27).
 */
import { type Bytes, roundUp } from '../../contract/index.js';
import type { FileModel } from './file.js';
import type { State } from './state.js';

/** Remembers the part of a store of `bytes` at `offset` that lies behind the end. */
export function addScribble(state: State, file: FileModel, offset: Bytes, bytes: Uint8Array): void {
  const room = roundUp(file.size, state.geometry.pageSize) - file.size;
  if (room === 0 || offset + bytes.length <= file.size) return;
  if (file.scribble.length === 0) {
    file.scribbleAt = file.size;
    file.scribble = new Uint8Array(room);
  }
  for (let i = Math.max(0, file.size - offset); i < bytes.length; i++) {
    const at = offset + i - file.scribbleAt;
    if (at < file.scribble.length) file.scribble[at] = bytes[i]!;
  }
}

/** The byte behind the end may show this value. */
export function mayBeScribble(file: FileModel, offset: Bytes, seen: number): boolean {
  return file.scribble.length > 0 && offset >= file.size && file.scribble[offset - file.scribbleAt] === seen;
}

/** Puts what was stored behind the end into `bytes`, which stand for [offset, offset + length). */
export function loadScribble(file: FileModel, offset: Bytes, length: Bytes, bytes: Uint8Array): void {
  const from = Math.max(offset, file.size, file.scribbleAt);
  const to = Math.min(offset + length, file.scribbleAt + file.scribble.length);
  for (let at = from; at < to; at++) bytes[at - offset] = file.scribble[at - file.scribbleAt]!;
}
