/**
 * punch: frees a range, keeping the size. Realizes FS-X10.
 */
import type { Call } from '../../contract/index.js';
import type { State } from '../state/state.js';
import type { Operation } from './operation.js';
import { freedInPart, freeRange, goodRange } from './ranges.js';

export function free(state: State, call: Call): void {
  const file = state.file(call.file);
  freeRange(state, file, call.offset, call.offset + call.length);
  file.history.note(call, call.offset, call.length);
}

export const punch: Operation = {
  rule: 'FS-X10',
  changes: 'range',
  expect(_state, call, expected) {
    goodRange(call, expected);
    return expected;
  },
  steps: [free],
  broken: freedInPart,
  blocks: () => 2,
  flushes: true,
};
