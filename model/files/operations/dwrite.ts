/**
 * dwrite: pwrite with O_DIRECT. The cache of the range is written back and dropped before, dropped again after; new
 * blocks become data when the request is complete, then the size grows (DIO-41). What cannot be written directly goes
 * through the page cache, and nobody sees the difference (MAP-35, DIO-24). Realizes DIO-01 … DIO-08, DIO-30, DIO-31,
 * DIO-38, DIO-42, DIO-46, DIO-47, INV-32, INV-51, INV-52, INV-57.
 */
import {
  type Bytes,
  type Call,
  CallFlag,
  EAGAIN,
  EFAULT,
  EFBIG,
  EINVAL,
  ENOPROTOOPT,
  EOPNOTSUPP,
  type Errno,
  fillData,
  LARGEST_FILE,
  roundDown,
} from '../../contract/index.js';
import { mayBeThese } from '../judge/doubts.js';
import { Block, stateTable } from '../state/blocks.js';
import { storeData } from '../state/bytes.js';
import type { FileModel } from '../state/file.js';
import {
  becomeData,
  blockState,
  dropCache,
  findBlock,
  mayFollowHint,
  mayPreallocate,
  mayReserveCow,
  settle,
} from '../state/map.js';
import type { State } from '../state/state.js';
import { mayGoThroughCache, nowait } from './buffers.js';
import { directBuffer } from './dread.js';
import { mayReserveCopies, toldByFlush } from './failures.js';
import { type Expected, flagged, type Operation } from './operation.js';
import { certain, extendTo, grow } from './sizes.js';
import { expectSync } from './syncing.js';
import { broken, isSync, mayHaveZeroedTail, refused, speculate, storable, sync, writable } from './write.js';

const notData = stateTable(s => (s & Block.DATA) === 0);
const maybeNotData = stateTable(s => (s & (Block.HOLE | Block.UNWRITTEN)) !== 0);

function expect(state: State, call: Call, expected: Expected): Expected {
  if (call.offset < 0) return expected.only(EINVAL);
  if (call.length === 0) return expected;
  if (flagged(call, CallFlag.ATOMIC) && !atomicShape(call)) {
    expected.only(EINVAL);
    return expected.or(EOPNOTSUPP);
  }
  const { sectorSize } = state.geometry;
  if (call.offset % sectorSize !== 0 || call.length % sectorSize !== 0) return expected.only(EINVAL);
  if (call.offset >= LARGEST_FILE) {
    expected.only(EFBIG);
    // A length that cannot be written atomically may be refused before the position is looked at (DIO-25).
    if (flagged(call, CallFlag.ATOMIC)) for (const e of [EINVAL, EOPNOTSUPP]) expected.or(e);
    return expected;
  }
  expected.exactly(storable(state, call));
  if (call.accessible >= 0 && call.accessible < expected.count) shortBuffer(state, call, expected);
  else directBuffer(call, expected);
  if (flagged(call, CallFlag.ATOMIC)) for (const e of [EINVAL, EOPNOTSUPP, ENOPROTOOPT, EAGAIN]) expected.or(e);
  if (flagged(call, CallFlag.OVERWRITE_ONLY)) overwriteOnly(state, call, expected);
  // Through the page cache it may stop on the way (DIO-24, PC-31).
  if (flagged(call, CallFlag.NOWAIT)) {
    if (state.file(call.file).reflinked) nowait(expected);
    else expected.or(EAGAIN);
  }
  if (isSync(call)) expectSync(state.file(call.file), expected);
  return expected;
}

/** A power of two, aligned to itself (generic_atomic_write_valid). */
function atomicShape(call: Call): boolean {
  return Number.isInteger(Math.log2(call.length)) && call.offset % call.length === 0;
}

/**
 * The buffer ends before the request. What was sent of it counts with PARTIAL (DIO-36); without, the request fails as a whole,
 * unless the zeroes behind the data, where the buffer ends inside a block, hide the error (DIO-30).
 */
function shortBuffer(state: State, call: Call, expected: Expected): Expected {
  const file = state.file(call.file);
  const sent = roundDown(call.accessible, state.geometry.sectorSize);
  const stop = call.offset + sent;
  // A part of an atomic write is no success (INV-57).
  if (sent > 0 && flagged(call, CallFlag.PARTIAL) && !flagged(call, CallFlag.ATOMIC)) expected.exactly(sent);
  else {
    expected.only(EFAULT);
    if (stop % state.block !== 0 && mayZeroTail(state, file, stop)) {
      expected.success = true;
      expected.exactly(sent);
    }
  }
  // Parts of blocks of a file that shares go through the cache, and copies are of whole blocks (DIO-24).
  if (file.reflinked || file.hasCow || file.owned > 0 || file.flushMayFail) mayGoThroughCache(call, expected);
  return expected;
}

/** The block at `at` gets its tail zeroed by a request that stops there (DIO-22). */
function mayZeroTail(state: State, file: FileModel, at: Bytes): boolean {
  return at >= file.sizeLeast || (blockState(state, file, at) & (Block.HOLE | Block.UNWRITTEN)) !== 0;
}

/** No allocation, no zeroing of parts of blocks, no growth: else -EAGAIN (DIO-07, MAP-31). */
function overwriteOnly(state: State, call: Call, expected: Expected): Expected {
  const file = state.file(call.file);
  const end = call.offset + writable(call);
  const hole = findBlock(state, file, call.offset, end, notData);
  const impure = findBlock(state, file, call.offset, end, maybeNotData);
  if (end > file.size) expected.only(EAGAIN);
  else if (hole >= 0 && (blockState(state, file, hole) & Block.UNWRITTEN) === 0) expected.only(EAGAIN);
  // One mapping must span the request, and how extents are cut is not observable; what would have to go through the page
  // cache (DIO-24) is refused.
  else if (
    impure >= 0 ||
    file.owned > 0 ||
    file.hasCow ||
    file.reflinked ||
    file.flushMayFail ||
    state.blockUp(end) - state.blockDown(call.offset) > state.block
  )
    expected.or(EAGAIN);
  return expected;
}

/** Data is on the device, extents are converted, then the size follows; the cache of the range is gone (DIO-41, DIO-50). */
function store(state: State, call: Call, count: number): void {
  mayHaveZeroedTail(state, call, count);
  if (count === 0) return;
  const file = state.file(call.file);
  const end = call.offset + count;
  if (call.offset > file.size) grow(state, file, call.offset);
  const wasDirty = file.dirty;
  // Without help of the device an atomic write goes out of place (INV-57).
  if (flagged(call, CallFlag.ATOMIC)) mayReserveCow(state, file);
  becomeData(state, file, call.offset, end);
  storeData(state.pool, file, call.offset, count, call.data);
  certain(file, call.offset, end);
  file.history.note(call, call.offset, count);
  const asked = call.offset + writable(call);
  // Not only through the cache: what a direct write allocates may end behind it, too (MAP-20; XFS fills a stripe).
  if (asked > file.sizeLeast) speculate(state, call, asked);
  extendTo(file, end);
  mayFollowHint(state, file, call.offset, asked);
  // Blocks that were allocated, or reserved, and that a buffer which ends early left without data (DIO-36, INV-16).
  if (end < asked) {
    mayReserveCopies(state, file, end, asked);
    mayPreallocate(state, file, end, asked);
  }
  // Parts of blocks of a file that shares go through the cache as a write does, and stay dirty in it (DIO-24), or perhaps
  // of one with copies that an atomic write staged; so does everything where the flush before the request fails, perhaps
  // with an error from earlier writeback (DIO-08, WB-74).
  if (file.flushMayFail || ((file.reflinked || file.hasCow) && !wholeBlocks(state, call, end))) return;
  settle(state, file, call.offset, end);
  dropCache(state, file, state.folioDown(call.offset), state.folioUp(end));
  file.dirty = wasDirty;
}

/** The request, which may have stopped early at `end`, has no parts of blocks. */
function wholeBlocks(state: State, call: Call, end: number): boolean {
  return [call.offset, end, call.offset + writable(call)].every(edge => edge % state.block === 0);
}

/** Overwritten blocks may hold old or new bytes; new blocks were not converted, and no size grew (DIO-42, DIO-47). */
function brokenDirect(state: State, call: Call, error: Errno): void {
  broken(state, call, error);
  if (flagged(call, CallFlag.ATOMIC)) mayReserveCow(state, state.file(call.file));
  if (error === EINVAL || (isSync(call) && toldByFlush(state.file(call.file), error))) return;
  mayHaveStored(state, call, call.offset + writable(call));
}

/** A source that ends early makes a second request of the rest, which may be refused when the first was under way (DIO-31). */
function refusedDirect(state: State, call: Call): void {
  refused(state, call);
  const { offset, length, accessible } = call;
  if (accessible >= 0 && accessible < length) mayHaveStored(state, call, offset + accessible);
}

/** The bytes up to `end` are on the device, or not; nothing was converted. */
function mayHaveStored(state: State, call: Call, end: Bytes): void {
  const file = state.file(call.file);
  file.becomeTwofold(call.offset, end);
  // What overlapped it may have made data of any block, with the zeroes around what was stored (DIO-22).
  const { contended } = state.overlap;
  const from = contended ? state.blockDown(call.offset) : call.offset;
  const to = Math.min(contended ? state.blockUp(end) : end, file.size);
  if (from >= to) return;
  const bytes = new Uint8Array(to - from);
  const stop = Math.min(end, to);
  if (call.offset < stop) fillData(call.data, call.offset, bytes, call.offset - from, stop - call.offset);
  for (let at = from; at < to; at = state.blockDown(at) + state.block)
    if (contended || (blockState(state, file, at) & Block.DATA) !== 0)
      mayBeThese(file, at, Math.min(to, state.blockDown(at) + state.block), bytes, at - from);
}

export const dwrite: Operation = {
  rule: 'INV-51',
  expect,
  steps: [store, sync],
  broken: brokenDirect,
  refused: refusedDirect,
  blocks: (state, call) => Math.ceil(call.length / state.block) + 2 + state.options.extentSizeHint,
  changes: 'range',
  // What lies between the end and the start is zeroed and flushed first (FS-X7).
  flushes: true,
};
