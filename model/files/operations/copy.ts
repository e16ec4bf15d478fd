/**
 * copy: copy_file_range, repeated until all is copied. The file system clones what it can, which is whole blocks between
 * aligned offsets, holes included; the rest goes through the page cache as a write does. Realizes FS-X14, FS-X7, INV-59.
 */
import { type Bytes, type Call, EFBIG, EINVAL, LARGEST_FILE } from '../../contract/index.js';
import { copyBytes } from '../state/clone.js';
import {
  becomeData,
  eachOwner,
  mayBecomeData,
  mayCache,
  mayFollowHint,
  mayLeaveShared,
  mayPreallocate,
} from '../state/map.js';
import type { State } from '../state/state.js';
import { shatterStores } from './failures.js';
import type { Expected, Operation } from './operation.js';
import { checkRemap, prepareRemap, share } from './remap.js';
import { certain, extendTo, grow } from './sizes.js';
import { speculate } from './write.js';

/** Bytes there are to copy. */
function wanted(state: State, call: Call): Bytes {
  const { size } = state.file(call.fromFile);
  return Math.max(0, Math.min(call.length, size - call.fromOffset, LARGEST_FILE - call.offset));
}

function expect(state: State, call: Call, expected: Expected): Expected {
  if (call.offset < 0 || call.fromOffset < 0 || call.length < 0) return expected.only(EINVAL);
  // Also where there is nothing to copy (generic_write_check_limits).
  if (call.offset >= LARGEST_FILE) return expected.only(EFBIG);
  const count = wanted(state, call);
  const { offset, fromOffset } = call;
  if (count > 0 && call.file === call.fromFile && offset + count > fromOffset && offset < fromOffset + count)
    return expected.only(EINVAL);
  expected.exactly(count);
  return expected;
}

/** How much of `count` bytes is cloned. */
function cloned(state: State, call: Call, count: Bytes): Bytes {
  if (!state.options.reflink || count === 0) return 0;
  const { error, length } = checkRemap(state, call, count, false, true);
  return error === 0 ? length : 0;
}

function transfer(state: State, call: Call, count: Bytes): void {
  const first = cloned(state, call, count);
  if (first > 0) {
    const mayFail = state.faulted || state.file(call.file).flushMayFail || state.file(call.fromFile).flushMayFail;
    if (mayFail) mayKeepStorage(state, call, first);
    else prepareRemap(state, call, first);
    share(state, call, first);
    if (mayFail) orWritten(state, call, first);
  }
  if (first < count) writeRest(state, call, first, count);
}

/** A clone that fails takes no storage away from its target, nor does its flush from what was stored in its source (FS-X4). */
function mayKeepStorage(state: State, call: Call, count: Bytes): void {
  const { shared } = state;
  const { fromOffset, offset } = call;
  eachOwner(state, state.file(call.fromFile), fromOffset, fromOffset + count, (chunk, index, storage) => {
    if (storage < 0) shared.mayBeOwnedUnseen(chunk, index);
  });
  eachOwner(state, state.file(call.file), offset, offset + count, (chunk, index) =>
    shared.mayBeOwnedUnseen(chunk, index),
  );
}

/** Where a clone fails, perhaps with an older error in the flush before it (WB-74), the bytes go through the cache. */
function orWritten(state: State, call: Call, count: Bytes): void {
  const source = state.file(call.fromFile);
  const target = state.file(call.file);
  const end = call.offset + count;
  mayCache(state, source, call.fromOffset);
  mayLeaveShared(state, source, call.fromOffset, call.fromOffset + count);
  mayBecomeData(state, target, call.offset, end);
  mayFollowHint(state, target, call.offset, end);
  if (end >= target.sizeLeast) speculate(state, call, end);
}

/** Reads and writes through the cache. */
function writeRest(state: State, call: Call, done: Bytes, count: Bytes): void {
  const source = state.file(call.fromFile);
  const target = state.file(call.file);
  const start = call.offset + done;
  const end = call.offset + count;
  mayCache(state, source, call.fromOffset + done);
  if (start > target.size) grow(state, target, start);
  becomeData(state, target, start, end);
  certain(target, start, end);
  copyBytes(state, source, call.fromOffset + done, target, start, count - done);
  target.history.note(call, start, count - done);
  const asked = call.offset + wanted(state, call);
  // An extent size hint allocates at once, also for what a short copy then did not come to.
  mayFollowHint(state, target, start, asked);
  // What it reserved and did not use may have been allocated meanwhile (INV-16).
  if (end < asked && state.overlap.disturbed) mayPreallocate(state, target, end, asked);
  if (end > target.sizeLeast) speculate(state, call, end);
  extendTo(target, end);
}

export const copy: Operation = {
  rule: 'INV-32',
  changes: 'range',
  expect,
  steps: [transfer],
  broken(state, call) {
    const end = call.offset + wanted(state, call);
    const file = state.file(call.file);
    mayCache(state, state.file(call.fromFile), call.fromOffset);
    mayFollowHint(state, file, call.offset, end);
    mayPreallocate(state, file, call.offset, end);
    if (end > file.sizeLeast) speculate(state, call, end);
    shatterStores(state, file, call.offset, end);
  },
  blocks: (state, call) => Math.ceil(wanted(state, call) / state.block) + 2,
  flushes: true,
};
