/**
 * reflink: FICLONERANGE, all of it or nothing. Length 0 means to the end of the source. Realizes FS-X14.
 */
import { type Call, EINVAL, EOPNOTSUPP } from '../../contract/index.js';
import { cloneLength } from '../state/clone.js';
import type { State } from '../state/state.js';
import { shatterStores } from './failures.js';
import type { Expected, Operation } from './operation.js';
import { checkRemap, prepareRemap, share } from './remap.js';

function expect(state: State, call: Call, expected: Expected): Expected {
  if (call.offset < 0 || call.fromOffset < 0 || call.length < 0) return expected.only(EINVAL);
  if (!state.options.reflink) return expected.only(EOPNOTSUPP);
  const length = cloneLength(state, call);
  if (length === 0) {
    if (call.fromOffset > state.file(call.fromFile).size) expected.only(EINVAL);
    return expected;
  }
  const { error } = checkRemap(state, call, length, false, false);
  if (error !== 0) return expected.only(error);
  // The call itself answers 0; a target may tell the bytes.
  expected.most = length;
  return expected;
}

function clone(state: State, call: Call): void {
  const length = cloneLength(state, call);
  if (length === 0) return;
  prepareRemap(state, call, length);
  share(state, call, length);
}

export const reflink: Operation = {
  rule: 'FS-X14',
  changes: 'range',
  expect,
  steps: [clone],
  broken(state, call) {
    const end = call.offset + cloneLength(state, call);
    const file = state.file(call.file);
    shatterStores(state, file, call.offset, end);
  },
  blocks: () => 2,
  flushes: true,
};
