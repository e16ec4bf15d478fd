/**
 * zero: frees the range as punch does, then preallocates every block it touches, then grows the file unless it keeps its
 * size. Realizes FS-X10, INV-33.
 */
import { ENOSPC } from '../../contract/index.js';
import { cannotFit } from '../state/space.js';
import { allocatedInPart, allocateRange, growSize } from './falloc.js';
import type { Operation } from './operation.js';
import { free } from './punch.js';
import { freedInPart, goodRange } from './ranges.js';

export const zero: Operation = {
  rule: 'FS-X10',
  changes: 'range',
  expect(state, call, expected) {
    if (!goodRange(call, expected)) return expected;
    if (cannotFit(state, Math.ceil(call.length / state.block))) expected.only(ENOSPC);
    return expected;
  },
  steps: [free, allocateRange, growSize],
  broken(state, call, error) {
    freedInPart(state, call);
    allocatedInPart(state, call, error);
  },
  blocks: (state, call) => Math.ceil(call.length / state.block) + 2,
  flushes: true,
};
