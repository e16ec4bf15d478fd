/**
 * What the calls of the fallocate family have in common: how the kernel checks their range (the errno of each single
 * cause), and how freeing a range works (FS-X10).
 */
import {
  type Bytes,
  type Call,
  CallFlag,
  EFBIG,
  EINVAL,
  LARGEST_FILE,
  roundDown,
  roundUp,
} from '../../contract/index.js';
import type { FileModel } from '../state/file.js';
import { becomeHole, dropCache, mayBecomeData, mayCache, mayTrim, settle } from '../state/map.js';
import type { State } from '../state/state.js';
import { shatter } from './failures.js';
import { type Expected, flagged } from './operation.js';
import { eraseBytes, zeroEdge } from './sizes.js';

/** A range with no sign or size error. Sets the errno and answers false otherwise. */
export function goodRange(call: Call, expected: Expected): boolean {
  if (call.offset < 0 || call.length <= 0) expected.only(EINVAL);
  else if (call.offset + call.length > LARGEST_FILE) expected.only(EFBIG);
  else return true;
  return false;
}

/** The size the call leaves behind when it may grow the file. */
export function sizeAfter(file: FileModel, call: Call): Bytes {
  return flagged(call, CallFlag.KEEP_SIZE) ? file.size : Math.max(file.size, call.offset + call.length);
}

/** The dirty data of the range, rounded outward to a folio, is written back and its cache dropped (FS-X10). */
export function flushRange(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  settle(state, file, state.folioDown(offset), state.folioUp(end));
  dropCache(state, file, state.folioDown(offset), state.folioUp(end));
}

/**
 * Holes under copy-on-write space count as data to zero where their folio is dirty, and the zeroes at the start may have
 * made it so (the ZERO rows of FS section 1.1, PC-75).
 */
function zeroUnderCow(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  const dirtied = roundUp(offset + 1, state.geometry.maxFolioSize);
  mayBecomeData(state, file, state.blockUp(offset), Math.min(end, dirtied));
}

/** The range was freed up to somewhere, also behind the end of the file, and written to up to somewhere. */
export function freedInPart(state: State, call: Call): void {
  const file = state.file(call.file);
  const end = call.offset + call.length;
  mayTrim(state, file, state.blockDown(call.offset), state.blockUp(end));
  shatter(state, file, call.offset, end, file.size);
}

/** Whole blocks of [offset, end) are unmapped, partial ones zeroed in the cache up to the end of the file (FS-X10). */
export function freeRange(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  flushRange(state, file, offset, end);
  const first = state.blockUp(offset);
  const behind = state.blockDown(end);
  if (first < behind) becomeHole(state, file, first, behind);
  if (offset < file.size && offset < first) {
    zeroEdge(state, file, offset, 'clean');
    if (file.hasCow) zeroUnderCow(state, file, offset, Math.min(end, file.size));
  }
  // The last block's leading part; one block that holds both ends was done above.
  if (behind < file.size && behind < end && behind >= first) {
    // The zeroes at the start may have dirtied the folio that holds the end too.
    const { maxFolioSize } = state.geometry;
    const near = offset < first && roundDown(offset, maxFolioSize) === roundDown(end, maxFolioSize);
    zeroEdge(state, file, end, near ? 'unclear' : 'clean');
  }
  eraseBytes(file, offset, Math.min(end, file.size));
  if (offset !== first || end !== behind) mayCache(state, file, offset);
}
