/**
 * collapse: takes a range out of the file. Whole blocks move, with their bytes; then the file is cut. Realizes FS-X13,
 * CR-34.
 */
import { type Call, EINVAL } from '../../contract/index.js';
import { becomeHole, dropCache, settle } from '../state/map.js';
import { shiftDown } from '../state/shift.js';
import type { State } from '../state/state.js';
import { scatter } from './failures.js';
import type { Expected, Operation } from './operation.js';
import { freeRange, goodRange } from './ranges.js';
import { cut } from './sizes.js';

function expect(state: State, call: Call, expected: Expected): Expected {
  if (!goodRange(call, expected)) return expected;
  const { size } = state.file(call.file);
  if (call.offset % state.block !== 0 || call.length % state.block !== 0 || call.offset + call.length >= size)
    expected.only(EINVAL);
  return expected;
}

function freeIt(state: State, call: Call): void {
  freeRange(state, state.file(call.file), call.offset, call.offset + call.length);
}

/** From one block before the range to the end everything is written back, dropped, and preallocation behind freed. */
export function prepareShift(state: State, call: Call): void {
  const file = state.file(call.file);
  const from = state.folioDown(Math.max(0, call.offset - state.block));
  settle(state, file, from, Number.POSITIVE_INFINITY);
  dropCache(state, file, from, Number.POSITIVE_INFINITY);
}

function move(state: State, call: Call): void {
  const file = state.file(call.file);
  const end = state.blockUp(file.size);
  becomeHole(state, file, end, Number.POSITIVE_INFINITY);
  shiftDown(state, file, call.offset + call.length, call.offset, end);
  file.history.note(call, call.offset, Math.max(0, file.size - call.length - call.offset));
}

function shorten(state: State, call: Call): void {
  const file = state.file(call.file);
  // A failure before may have left either of two sizes; both become smaller.
  const least = file.sizeLeast - call.length;
  cut(state, file, file.size - call.length);
  file.sizeLeast = Math.max(0, Math.min(least, file.size));
}

export const collapse: Operation = {
  rule: 'FS-X13',
  changes: 'rest',
  expect,
  steps: [freeIt, prepareShift, move, shorten],
  broken(state, call) {
    const file = state.file(call.file);
    scatter(state, file, call.offset, -call.length);
  },
  blocks: () => 2,
  flushes: true,
};
