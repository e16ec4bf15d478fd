/**
 * Sizes that are not certain, after failed writeback (WB-54) or calls whose order is not known: how an observation settles
 * them, and what it means to grow from one of them.
 */
import type { Bytes, Call, OperationName } from '../../contract/index.js';
import { chunkIndex, zeroBytes } from '../state/bytes.js';
import type { FileModel } from '../state/file.js';
import { mayTrim } from '../state/map.js';
import type { State } from '../state/state.js';
import { mayBe } from './doubts.js';

/** Calls that may make the file larger, and leave zeroes where it had nothing. */
const GROWING: ReadonlySet<OperationName> = new Set([
  'write',
  'dwrite',
  'mapwrite',
  'truncate',
  'falloc',
  'zero',
  'copy',
  'reflink',
]);

/** The size is `size` after all. */
export function narrowSize(state: State, file: FileModel, size: Bytes): void {
  if (size < file.size) {
    zeroBytes(file, size, file.size);
    mayTrim(state, file, state.blockUp(size), state.blockUp(file.size));
    file.size = size;
  }
  file.sizeLeast = size;
}

/**
 * The size was `least` to `size` when the call began to change the file. Where that made it larger than `least`, bytes that
 * lay behind such an end, and that the call did not store, are zeroes (INV-32: from the old size on).
 */
export function mayHaveGrown(file: FileModel, least: Bytes, size: Bytes, call: Call, count: Bytes): void {
  if (!GROWING.has(call.name)) return;
  const end = Math.min(size, file.sizeLeast);
  for (let i = chunkIndex(file, least); i < file.chunks.length; i++) {
    const { start, end: stop, bytes } = file.chunks[i]!;
    if (start >= end) return;
    for (let at = Math.max(start, least); bytes !== null && at < Math.min(stop, end); at++)
      if (bytes[at - start] !== 0 && (at < call.offset || at >= call.offset + count)) mayBe(file, at, 0);
  }
}
