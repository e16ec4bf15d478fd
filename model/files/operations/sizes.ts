/**
 * Changes of a file's size, which several operations have in common: what happens to the bytes and blocks around the old
 * and the new end. Realizes FS-X7, FS-X9, PC-65, PC-70, PC-76, PC-77.
 */
import type { Bytes } from '../../contract/index.js';
import { Block, MAP_STATES, stateTable } from '../state/blocks.js';
import { zeroBytes } from '../state/bytes.js';
import type { FileModel } from '../state/file.js';
import {
  becomeData,
  becomeHole,
  blockState,
  findBlock,
  likelyData,
  mayBecomeData,
  mayBeIdlyDirty,
  mayCache,
  mayTrim,
} from '../state/map.js';
import type { State } from '../state/state.js';

/** What is known of the folio around an edge: written back, perhaps dirtied by the same call, or as stores left it. */
export type FolioState = 'clean' | 'unclear' | 'dirty';

/**
 * Zeroes are stored to the part of a block before or behind `pos`. Data is dirty afterwards, and private if it was shared;
 * holes and unwritten blocks are skipped (PC-70). But where the folio of an unwritten block is dirty the zeroes go to it
 * and the block becomes data (the batch of section 8, PC-77): only possible, because writeback may have cleaned it. Over a
 * hole copy-on-write space does the same (PC-75).
 */
export function zeroEdge(state: State, file: FileModel, pos: Bytes, folio: FolioState): void {
  if (pos % state.block === 0) return;
  const s = blockState(state, file, pos);
  if ((s & MAP_STATES) === Block.DATA) {
    becomeData(state, file, pos, pos + 1);
    return;
  }
  const fillable = file.hasCow ? Block.UNWRITTEN | Block.HOLE : Block.UNWRITTEN;
  if ((s & Block.DATA) === 0 && ((s & fillable) === 0 || folio === 'clean')) return;
  const page = state.folioDown(pos);
  const dirty = folio === 'dirty' && findBlock(state, file, page, page + state.folio, isDirty) >= 0;
  mayBecomeData(state, file, pos, pos + 1);
  if (dirty && (s & Block.UNWRITTEN) !== 0) likelyData(state, file, pos);
}

const isDirty = stateTable(s => (s & Block.DIRTY) !== 0);

/** The file grows; what comes below the end reads as zero (FS-X7, FS-X9, PC-65). */
export function grow(state: State, file: FileModel, size: Bytes): void {
  if (size <= file.size) {
    extendTo(file, size);
    return;
  }
  const old = file.size;
  zeroEdge(state, file, old, file.dirty ? 'dirty' : 'clean');
  setSize(file, size);
  if (file.trimmed) mayTrim(state, file, state.blockUp(old), state.blockUp(size));
}

/** The file is cut at `size`, which is at most its size: FS-X9 "down or same size". */
export function cut(state: State, file: FileModel, size: Bytes): void {
  zeroBytes(file, size, file.size);
  file.doubts.forget(size, Number.POSITIVE_INFINITY);
  zeroEdge(state, file, size, file.dirty ? 'dirty' : 'clean');
  becomeHole(state, file, state.blockUp(size), Number.POSITIVE_INFINITY);
  if (file.dirty) mayBeIdlyDirty(state, file, size);
  else mayCache(state, file, size);
  setSize(file, size);
  // The edge was zeroed, also at the same size.
  file.tailTo = 0;
}

/** Bytes up to `end` are stored: the file is at least that large. */
export function extendTo(file: FileModel, end: Bytes): void {
  if (end > file.size) setSize(file, end);
  else if (end > file.sizeLeast) file.sizeLeast = end;
}

export function setSize(file: FileModel, size: Bytes): void {
  // A store that makes the file larger leaves what lies behind the new end in its page (INV-27).
  if (size < file.size || size >= file.scribbleAt + file.scribble.length) file.forgetScribble();
  if (size < file.size || size >= file.tailTo) file.tailTo = 0;
  file.size = size;
  file.sizeLeast = size;
  if (file.safeSize > size) file.safeSize = size;
}

/** Bytes [offset, end) are zero from now on, for certain. */
export function eraseBytes(file: FileModel, offset: Bytes, end: Bytes): void {
  zeroBytes(file, offset, end);
  certain(file, offset, end);
}

/** No doubt is left about the bytes of [offset, end): they were stored to. */
export function certain(file: FileModel, offset: Bytes, end: Bytes): void {
  file.doubts.forget(offset, end);
}
