/**
 * falloc: preallocates. Every hole of the touched blocks becomes unwritten, then the file grows unless it keeps its size.
 * Realizes FS-X10.
 */
import { type Call, CallFlag, ENOSPC, type Errno } from '../../contract/index.js';
import { mayFollowHint, mayPreallocate, preallocate } from '../state/map.js';
import { cannotFit } from '../state/space.js';
import type { State } from '../state/state.js';
import { mayReserveCopies, shatter, toldByFlush } from './failures.js';
import { type Expected, flagged, type Operation } from './operation.js';
import { goodRange, sizeAfter } from './ranges.js';
import { grow } from './sizes.js';

function expect(state: State, call: Call, expected: Expected): Expected {
  if (!goodRange(call, expected)) return expected;
  if (cannotFit(state, blocks(state, call))) expected.only(ENOSPC);
  return expected;
}

function blocks(state: State, call: Call): number {
  return (state.blockUp(call.offset + call.length) - state.blockDown(call.offset)) / state.block;
}

/** Unwritten storage where there is none; an extent size hint rounds it outward. */
export function allocateRange(state: State, call: Call): void {
  const file = state.file(call.file);
  preallocate(state, file, state.blockDown(call.offset), state.blockUp(call.offset + call.length));
  mayFollowHint(state, file, call.offset, call.offset + call.length);
}

/** Success says nothing of a size that was open before, but that it is not below the range (FS-X10). */
export function growSize(state: State, call: Call): void {
  if (!flagged(call, CallFlag.KEEP_SIZE)) grow(state, state.file(call.file), call.offset + call.length);
}

/** Space was allocated extent by extent, and stays; a failed write-back is told after the size grew (FS-X9). */
export function allocatedInPart(state: State, call: Call, error: Errno): void {
  const file = state.file(call.file);
  mayPreallocate(state, file, call.offset, call.offset + call.length);
  mayFollowHint(state, file, call.offset, call.offset + call.length);
  if (sizeAfter(file, call) > file.size) mayReserveCopies(state, file, file.size, file.size + 1);
  if (toldByFlush(file, error)) shatter(state, file, file.size, file.size + 1, sizeAfter(file, call));
}

export const falloc: Operation = {
  changes: 'growth',
  rule: 'FS-X10',
  expect,
  steps: [allocateRange, growSize],
  broken: allocatedInPart,
  blocks,
  flushes: true,
};
