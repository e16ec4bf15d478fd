/**
 * The calls that make a file durable: fsync, fdatasync and msync of the whole file, syncRange of a part, sync of
 * everything. What they report is WB-70 … WB-72, INV-48; here they matter for what may not be on the device yet.
 */
import { type Call, EINVAL, type Errno } from '../../contract/index.js';
import { settleAll } from '../state/map.js';
import type { State } from '../state/state.js';
import { type Operation, succeeds } from './operation.js';
import { expectSync, failedSync, synced, syncedAll } from './syncing.js';

function settled(state: State, call: Call, _count: number, error: Errno): void {
  syncedAll(state, state.file(call.file), error);
}

export const fsync: Operation = {
  rule: 'INV-48',
  expect: (state, call, expected) => expectSync(state.file(call.file), expected),
  steps: [settled],
  broken: (state, call) => failedSync(state, state.file(call.file)),
};

/** The same but for timestamps, which the model has not (CR-21). */
export const fdatasync: Operation = fsync;

/** msync(MS_SYNC) is fdatasync of the mapped pages (CR-24). */
export const msync: Operation = fsync;

export const syncRange: Operation = {
  rule: 'INV-48',
  expect(state, call, expected) {
    if (call.offset < 0 || call.length < 0) expected.only(EINVAL);
    else expectSync(state.file(call.file), expected);
    return expected;
  },
  steps: [
    (state, call, _count, error) => {
      // Length 0 means to the end of the file.
      const end = call.length === 0 ? Number.POSITIVE_INFINITY : call.offset + call.length;
      synced(state, state.file(call.file), call.offset, end, error);
    },
  ],
};

/** sync(2) reports nothing, and consumes no descriptor's error. */
export const sync: Operation = {
  rule: 'INV-48',
  expect: succeeds,
  steps: [
    state => {
      for (const file of state.files) settleAll(state, file);
    },
  ],
};
