/**
 * truncate: ftruncate. Down, or to the same size: the tail of the last block is zeroed, everything behind goes, also
 * preallocation; up: zeroes appear, nothing is allocated. Realizes FS-X9, PC-76, INV-59.
 */
import { type Bytes, type Call, EFBIG, EINVAL, type Errno, LARGEST_FILE } from '../../contract/index.js';
import { Block } from '../state/blocks.js';
import type { FileModel } from '../state/file.js';
import { blockState, mayPreallocate, mayTrim } from '../state/map.js';
import type { State } from '../state/state.js';
import { mayReserveCopies, shatter, toldByFlush } from './failures.js';
import type { Expected, Operation } from './operation.js';
import { cut, grow } from './sizes.js';

function expect(_state: State, call: Call, expected: Expected): Expected {
  if (call.size < 0) expected.only(EINVAL);
  else if (call.size > LARGEST_FILE) expected.only(EFBIG);
  return expected;
}

function resize(state: State, call: Call): void {
  const file = state.file(call.file);
  const old = file.size;
  if (call.size > old) grow(state, file, call.size);
  else if (file.sizeLeast < call.size) keepingBehind(state, file, call.size, () => cut(state, file, call.size));
  else cut(state, file, call.size);
  file.history.note(call, Math.min(old, call.size), Math.abs(old - call.size));
}

/** From the least size it may have it grows, and growth gives nothing back: preallocation behind the end may stay. */
function keepingBehind(state: State, file: FileModel, size: Bytes, apply: () => void): void {
  const behind = state.blockUp(size);
  const kept: Bytes[] = [];
  for (const { start, end } of file.chunks)
    for (let at = Math.max(start, behind); at < end; at += state.block)
      if ((blockState(state, file, at) & Block.UNWRITTEN) !== 0) kept.push(at);
  const { spreadFrom, spreadTo } = file;
  apply();
  for (const at of kept) mayPreallocate(state, file, at, at + state.block);
  mayPreallocate(state, file, Math.max(behind, spreadFrom), spreadTo);
}

/** The size in core changes before the one write-back whose failure is told (FS-X9); all other failures come before. */
function broken(state: State, call: Call, error: Errno): void {
  const file = state.file(call.file);
  const least = Math.min(file.size, call.size);
  mayReserveCopies(state, file, least, least + 1);
  if (!toldByFlush(file, error)) return;
  // A cut may be complete all the same, and preallocation gone with it.
  if (call.size <= file.size) mayTrim(state, file, state.blockUp(call.size), Number.POSITIVE_INFINITY);
  shatter(state, file, least, Math.max(file.size, call.size), call.size);
}

export const truncate: Operation = {
  rule: 'FS-X9',
  changes: 'rest',
  expect,
  steps: [resize],
  broken,
  blocks: () => 1,
  flushes: true,
};
