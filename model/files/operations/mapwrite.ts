/**
 * mapwrite: stores through a shared mapping. A write fault dirties the whole folio below the end (PC-96, section 6 of
 * pagecache.md): the page, or the block if that is larger, for certain; what a larger folio would cover, possibly. Stores
 * behind the end, inside the page that holds it, never become content (PC-65, INV-27). Flags: GROW makes the file as large
 * as the stores need first, MSYNC writes back afterwards, BEYOND lets the stores lie behind the end.
 */
import {
  type Bytes,
  type Call,
  CallFlag,
  EFAULT,
  EFBIG,
  EINVAL,
  type Errno,
  fillData,
  LARGEST_FILE,
  roundDown,
  roundUp,
} from '../../contract/index.js';
import { storeData } from '../state/bytes.js';
import { becomeData, mayBecomeData, mayBeIdlyDirty, mayCache, mayFollowHint, mayPreallocate } from '../state/map.js';
import { addScribble } from '../state/scribble.js';
import type { State } from '../state/state.js';
import { shatter } from './failures.js';
import { mappable } from './mapread.js';
import { type Expected, flagged, type Operation } from './operation.js';
import { certain, grow } from './sizes.js';
import { expectSync, synced } from './syncing.js';

/** How many bytes the stores reach in a file of this size. */
function reach(state: State, call: Call, size: Bytes): Bytes {
  const through = mappable(state, call, size);
  return flagged(call, CallFlag.BEYOND) ? through : Math.max(0, Math.min(through, size - call.offset));
}

function grownSize(call: Call, size: Bytes): Bytes {
  return flagged(call, CallFlag.GROW) ? Math.max(size, call.offset + call.length) : size;
}

function expect(state: State, call: Call, expected: Expected): Expected {
  if (call.offset < 0) return expected.only(EINVAL);
  if (call.length === 0) return expected;
  const file = state.file(call.file);
  if (grownSize(call, file.size) > LARGEST_FILE) return expected.only(EFBIG);
  const count = reach(state, call, grownSize(call, file.size));
  if (count === 0) expected.only(EFAULT);
  else expected.exactly(count);
  // A target may tell the bus error after the stores before it.
  if (count < call.length) expected.or(EFAULT);
  if (flagged(call, CallFlag.MSYNC) && count > 0) expectSync(file, expected);
  return expected;
}

/** ftruncate to what the stores need, as fsx does. */
function makeRoom(state: State, call: Call): void {
  if (call.length > 0 && flagged(call, CallFlag.GROW)) grow(state, state.file(call.file), call.offset + call.length);
}

/** The fault dirties the folios, then the stores happen. */
function store(state: State, call: Call, count: Bytes): void {
  if (count === 0) return;
  const file = state.file(call.file);
  const end = call.offset + count;
  const largest = state.geometry.maxFolioSize;
  mayCache(state, file, 0);
  const bound = state.blockUp(file.size);
  if (largest > state.folio)
    mayBecomeData(state, file, roundDown(call.offset, largest), Math.min(bound, roundUp(end, largest)));
  // The fault on which fewer bytes than asked for were stored may have dirtied part of its folio (PC-62).
  if (count < call.length) {
    mayFollowHint(state, file, roundDown(end, largest), Math.min(bound, roundUp(end + 1, largest)));
    mayBecomeData(state, file, roundDown(end, largest), Math.min(bound, roundUp(end + 1, largest)));
  }
  const first = state.folioDown(call.offset);
  const behind = Math.min(bound, state.folioUp(end));
  // Another call may have made the file larger since the fault, or its size is not certain: then the rest of its folio may
  // have been behind the end, and what was stored there, if it may lie there.
  const unsure = file.sizeLeast < file.size;
  if (state.overlap.contended || unsure) {
    mayBecomeData(state, file, first, behind);
    const stored = unsure && flagged(call, CallFlag.BEYOND) ? Math.min(end, file.sizeLeast) : end;
    becomeData(state, file, state.blockDown(call.offset), Math.min(bound, state.blockUp(stored)), call.offset, end);
  } else becomeData(state, file, first, behind, call.offset, end);
  // A call in progress may have made the file larger already.
  const widest = state.blockUp(Math.max(file.size, state.overlap.sizes()?.most ?? 0));
  mayFollowHint(state, file, roundDown(call.offset, largest), Math.min(widest, roundUp(end, largest)));
  if (roundUp(end, largest) > file.size) mayBeIdlyDirty(state, file, file.size);
  const below = Math.min(end, file.size) - call.offset;
  if (below > 0) {
    storeData(state.pool, file, call.offset, below, call.data);
    certain(file, call.offset, call.offset + below);
    file.history.note(call, call.offset, below);
  }
  const last = flagged(call, CallFlag.BEYOND) ? file.sizeLeast : file.size;
  if (end > last) {
    const from = Math.max(call.offset, last);
    const behind = new Uint8Array(end - from);
    fillData(call.data, from, behind, 0, end - from);
    addScribble(state, file, from, behind, last);
  }
}

/** msync covers the pages that were stored to (CR-24). */
function msync(state: State, call: Call, count: Bytes, error: Errno): void {
  if (!flagged(call, CallFlag.MSYNC)) return;
  const { pageSize } = state.geometry;
  const end = roundUp(call.offset + count, pageSize);
  synced(state, state.file(call.file), roundDown(call.offset, pageSize), end, error);
}

/** The file may have grown, any of the stores may have happened. */
function broken(state: State, call: Call): void {
  const file = state.file(call.file);
  const size = grownSize(call, file.size);
  if (reach(state, call, size) === 0) return;
  const end = call.offset + call.length;
  mayFollowHint(state, file, call.offset, end);
  // The fault dirtied and reserved for whole folios before it failed (PC-62).
  const largest = state.geometry.maxFolioSize;
  const behind = Math.min(state.blockUp(size), roundUp(end, largest));
  mayPreallocate(state, file, roundDown(call.offset, largest), behind);
  mayBecomeData(state, file, roundDown(call.offset, largest), behind);
  shatter(state, file, call.offset, end, Math.min(LARGEST_FILE, size));
}

export const mapwrite: Operation = {
  rule: 'INV-32',
  expect,
  steps: [makeRoom, store, msync],
  broken,
  blocks: (state, call) => Math.ceil((call.length + 2 * state.geometry.maxFolioSize) / state.block),
  changes: 'range',
  // Growing may flush first (FS-X9).
  flushes: true,
};
