/**
 * write: pwrite through the page cache. What lies between the old end and the start becomes zero first (FS-X7); then the
 * bytes stand and the size follows (PC-32, PC-33, INV-35). A source that ends early makes it short (PC-30). Realizes also
 * INV-32, INV-59, MAP-21 and the speculative preallocation of FS section 1.
 */
import {
  type Bytes,
  type Call,
  CallFlag,
  EFBIG,
  EINVAL,
  type Errno,
  LARGEST_FILE,
  roundDown,
} from '../../contract/index.js';
import { Block } from '../state/blocks.js';
import { storeData } from '../state/bytes.js';
import {
  becomeData,
  blockState,
  mayBecomeData,
  mayCache,
  mayFollowHint,
  mayPreallocate,
  mayReserveCow,
} from '../state/map.js';
import type { State } from '../state/state.js';
import { bufferedCount, nowait } from './buffers.js';
import { mayReserveCopies, shatterStores, toldByFlush } from './failures.js';
import { type Expected, flagged, type Operation } from './operation.js';
import { certain, extendTo, grow } from './sizes.js';
import { expectSync, synced } from './syncing.js';

/** What may be written at all: up to the largest size (INV-59). */
export function writable(call: Call): Bytes {
  return Math.min(call.length, LARGEST_FILE - call.offset);
}

/** What one call can store: what may be written, and no more than the device has room for. */
export function storable(state: State, call: Call): Bytes {
  return Math.min(writable(call), state.deviceBytes - (call.offset % state.block));
}

function expect(state: State, call: Call, expected: Expected): Expected {
  if (call.offset < 0) return expected.only(EINVAL);
  if (call.length === 0) return expected;
  if (call.offset >= LARGEST_FILE) return expected.only(EFBIG);
  bufferedCount(call, storable(state, call), expected);
  if (flagged(call, CallFlag.NOWAIT)) nowait(expected);
  if (isSync(call)) expectSync(state.file(call.file), expected);
  return expected;
}

export function isSync(call: Call): boolean {
  return flagged(call, CallFlag.DSYNC | CallFlag.SYNC);
}

/** The bytes are stored and the blocks reserved; the tail of the old last block was zeroed before (FS-X7). */
function store(state: State, call: Call, count: Bytes): void {
  mayHaveZeroedTail(state, call, count);
  if (count === 0) return;
  const file = state.file(call.file);
  const end = call.offset + count;
  if (call.offset > file.size) grow(state, file, call.offset);
  becomeData(state, file, call.offset, end);
  storeData(state.pool, file, call.offset, count, call.data);
  certain(file, call.offset, end);
  file.history.note(call, call.offset, count);
  const asked = call.offset + writable(call);
  if (asked > file.sizeLeast) speculate(state, call, asked);
  extendTo(file, end);
  // What a short write reserved and did not use may have been allocated meanwhile, with its neighbours (INV-16).
  if (end < asked) {
    mayReserveCopies(state, file, end, asked);
    mayPreallocate(state, file, end, asked);
    mayBecomeData(state, file, end, Math.min(coveredEnd(state, call.offset, end, asked), file.size));
  }
  mayFollowHint(state, file, call.offset, call.offset + writable(call));
  // What its folios hold beside the range may have been brought there too (PC-43): clean cache is a permitted difference.
  mayCache(state, file, call.offset, end);
}

/**
 * Where the largest folio may end that holds the last byte copied and that the write was to cover: such a folio has no block
 * state, and the short copy dirties all of it (PC-40). `end` where no folio can be covered.
 */
function coveredEnd(state: State, start: Bytes, end: Bytes, asked: Bytes): Bytes {
  let covered = end;
  for (let size = state.folio; size <= state.geometry.maxFolioSize; size *= 2) {
    const first = roundDown(end - 1, size);
    if (first >= start && first + size <= asked) covered = first + size;
  }
  return covered;
}

/** A write that extends a file of some size may reserve behind it; the amount is a permitted difference. */
export function speculate(state: State, call: Call, end: Bytes): void {
  const { preallocateFrom } = state.options;
  if (preallocateFrom < 0 || end < preallocateFrom) return;
  mayPreallocate(state, state.file(call.file), state.blockUp(end), end + state.deviceBytes);
}

/** RWF_DSYNC and RWF_SYNC write the range back (CR-22). */
export function sync(state: State, call: Call, count: Bytes, error: Errno): void {
  if (isSync(call) && count > 0) synced(state, state.file(call.file), call.offset, call.offset + count, error);
}

/**
 * Nothing was written. What was reserved may have been allocated, with its neighbours, and speculation may stay (INV-16);
 * but a failing sync follows stores that stand (WB-71).
 */
export function broken(state: State, call: Call, error: Errno): void {
  const file = state.file(call.file);
  const end = call.offset + writable(call);
  mayFollowHint(state, file, call.offset, end);
  mayPreallocate(state, file, call.offset, end);
  // Folios were prepared: zeroes over what holds no data (PC-40).
  mayCache(state, file, call.offset, end);
  refused(state, call);
  mayHaveZeroedTail(state, call, 0);
  if (isSync(call) && toldByFlush(file, error)) shatterStores(state, file, call.offset, end);
}

/**
 * A write that was to end behind the end of the file, and stored less, may have zeroed the tail of the last block before: it
 * must where it begins behind it (FS-X7), and may where it was to raise the size across it (PC-21, INV-69).
 */
export function mayHaveZeroedTail(state: State, call: Call, count: Bytes): void {
  const file = state.file(call.file);
  if (call.length === 0 || call.offset + writable(call) <= file.size || file.size % state.block === 0) return;
  if (count > 0 && call.offset + count >= file.size) return;
  const s = blockState(state, file, file.size);
  if ((s & Block.DATA) === 0 && ((s & Block.UNWRITTEN) === 0 || !file.dirty)) return;
  mayBecomeData(state, file, file.size, file.size + 1);
}

/**
 * Space behind the end and for copies may stay, which no data fills; and so may what it reserved, if writeback made real
 * blocks of it before it was given back (INV-16).
 */
export function refused(state: State, call: Call): void {
  const file = state.file(call.file);
  const end = call.offset + writable(call);
  if (state.overlap.disturbed) mayPreallocate(state, file, call.offset, end);
  if (file.owned > 0) mayReserveCow(state, file);
  if (end > file.sizeLeast) speculate(state, call, end);
}

export const write: Operation = {
  rule: 'PC-30',
  expect,
  steps: [store, sync],
  broken,
  refused,
  blocks: (state, call) => Math.ceil(call.length / state.block) + 2 + state.options.extentSizeHint,
  changes: 'range',
  // What lies between the end and the start is zeroed and flushed first (FS-X7).
  flushes: true,
};
