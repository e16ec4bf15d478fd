/**
 * insert: puts a hole into the file; everything behind moves up by whole blocks. The file grows first, so the tail of the
 * last block is zeroed as by a truncate up. Realizes FS-X13, CR-34.
 */
import { type Call, EFBIG, EINVAL, LARGEST_FILE } from '../../contract/index.js';
import { shiftUp } from '../state/shift.js';
import type { State } from '../state/state.js';
import { prepareShift } from './collapse.js';
import { scatter } from './failures.js';
import type { Expected, Operation } from './operation.js';
import { goodRange } from './ranges.js';
import { grow } from './sizes.js';

function expect(state: State, call: Call, expected: Expected): Expected {
  if (!goodRange(call, expected)) return expected;
  const { size } = state.file(call.file);
  if (call.offset % state.block !== 0 || call.length % state.block !== 0 || call.offset >= size) expected.only(EINVAL);
  else if (size + call.length > LARGEST_FILE) expected.only(EFBIG);
  return expected;
}

function lengthen(state: State, call: Call): void {
  const file = state.file(call.file);
  // A failure before may have left either of two sizes; both become larger.
  const least = file.sizeLeast + call.length;
  grow(state, file, file.size + call.length);
  file.sizeLeast = least;
}

function move(state: State, call: Call): void {
  const file = state.file(call.file);
  shiftUp(state, file, call.offset, call.offset + call.length, file.size - call.length);
  file.history.note(call, call.offset, file.size - call.offset);
}

export const insert: Operation = {
  rule: 'FS-X13',
  changes: 'rest',
  expect,
  steps: [lengthen, prepareShift, move],
  broken(state, call) {
    const file = state.file(call.file);
    scatter(state, file, call.offset, call.length);
  },
  blocks: () => 2,
  flushes: true,
};
