/**
 * Background work: it changes nothing that an application can see (INV-29) but which clean pages are cached, and how much
 * preallocation is left (FS-X11). Writeback and completion may bring a block's storage to its final state; as nobody knows
 * when, the model waits for a call that promises it.
 */
import type { Call } from '../../contract/index.js';
import { mayCache } from '../state/map.js';
import type { State } from '../state/state.js';
import { type Operation, succeeds } from './operation.js';

export const readahead: Operation = {
  rule: 'INV-29',
  expect: succeeds,
  steps: [(state: State, call: Call) => mayCache(state, state.file(call.file), Math.max(0, call.offset))],
};

export const trim: Operation = {
  rule: 'FS-X11',
  expect: succeeds,
  steps: [
    state => {
      for (const file of state.files) file.trimmed = true;
    },
  ],
};
