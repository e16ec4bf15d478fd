/**
 * Descriptors, caches and mounts: open, close, remove, dropCaches, remount, and the lasting mapping. None of them changes
 * a byte; they decide who reports an error (WB-70), what may still be cached, and what may have been trimmed (FS-X11).
 */
import { type Call, CallFlag, type Errno } from '../../contract/index.js';
import { Block } from '../state/blocks.js';
import type { FileModel } from '../state/file.js';
import { becomeHole, dropAllCache, eachOwner, settleAll } from '../state/map.js';
import type { State } from '../state/state.js';
import { flagged, type Operation, succeeds } from './operation.js';
import { eraseBytes } from './sizes.js';
import { expectSync, failedSync, syncedAll } from './syncing.js';

export const open: Operation = {
  rule: 'WB-70',
  expect: succeeds,
  steps: [(state, call) => state.file(call.file).descriptors.opened()],
};

export const close: Operation = {
  rule: 'WB-70',
  expect: succeeds,
  steps: [
    (state, call) => {
      const file = state.file(call.file);
      file.descriptors.closed();
      file.trimmed = true;
    },
  ],
};

/** The storage is given back; the next use of the name makes an empty file. */
export const remove: Operation = {
  rule: 'INV-35',
  changes: 'rest',
  expect: succeeds,
  steps: [
    (state, call) => {
      const file = state.file(call.file);
      eraseBytes(file, 0, Number.POSITIVE_INFINITY);
      eachOwner(state, file, 0, Number.POSITIVE_INFINITY, (chunk, index) => state.shared.mayOutlive(chunk, index));
      becomeHole(state, file, 0, Number.POSITIVE_INFINITY);
      const onceReflinked = file.reflinked || file.onceReflinked;
      file.clear(state.pool);
      file.onceReflinked = onceReflinked;
      file.history.note(call, 0, Number.POSITIVE_INFINITY);
    },
  ],
};

function dropped(state: State, call: Call, _count: number, error: Errno): void {
  const file = state.file(call.file);
  if (flagged(call, CallFlag.FLUSH)) syncedAll(state, file, error);
  // A dirty folio stays, with the clean blocks it covers; so does what a mapping uses.
  if (!file.dirty && !file.mapped) dropAllCache(state, file);
}

export const dropCaches: Operation = {
  rule: 'INV-48',
  expect(state, call, expected) {
    if (flagged(call, CallFlag.FLUSH)) expectSync(state.file(call.file), expected);
    return expected;
  },
  steps: [dropped],
  broken: (state, call) => failedSync(state, state.file(call.file)),
};

/** Everything is written back, every cache is gone, and with it the copy-on-write space and the descriptors. */
function remounted(state: State): void {
  state.shared.removedAreGone();
  for (const file of state.files) {
    const lost = file.hasLost;
    settleAll(state, file);
    dropAllCache(state, file);
    file.hasCow = false;
    file.descriptors.clear();
    file.flushErrors.clear();
    file.trimmed = true;
    file.mapped = false;
    file.forgetScribble();
    if (!lost) continue;
    // What failed writeback lost may have been what carried the size (WB-54).
    file.sizeLeast = Math.min(file.sizeLeast, file.safeSize);
    mayBeTrimmed(state, file);
  }
}

/** What lies behind the least size may be behind the end now, and is given back with what it shares (FS-X11). */
function mayBeTrimmed(state: State, file: FileModel): void {
  const end = state.blockUp(file.sizeLeast);
  for (const chunk of file.chunks)
    for (let i = 0; i < chunk.state.length; i++) {
      if (chunk.start + i * state.block < end) continue;
      chunk.state[i]! |= Block.HOLE;
      if (chunk.owners !== null) state.shared.doubt(chunk, i);
    }
}

/** A mount follows also where the unmount met an error. */
export const remount: Operation = { rule: 'INV-75', expect: succeeds, steps: [remounted], broken: remounted };

function mapping(mapped: boolean): Operation {
  const note = (state: State, call: Call): void => {
    state.file(call.file).mapped = mapped;
  };
  return { rule: 'INV-29', expect: succeeds, steps: [note] };
}
export const mmap = mapping(true);
export const munmap = mapping(false);

/** What no application can see, but for the clean cache (INV-29). */
export const invisible: Operation = { rule: 'INV-29', expect: succeeds, steps: [] };
