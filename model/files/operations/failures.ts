/**
 * What a call may leave behind that was stopped half way by a device error, by lack of memory or space, or by a signal:
 * any version of the bytes in its range, any map state, either size. Never what belongs to somebody else.
 */
import { type Bytes, EIO, type Errno } from '../../contract/index.js';
import { Block } from '../state/blocks.js';
import { chunkFor } from '../state/bytes.js';
import type { FileModel } from '../state/file.js';
import { eachOwner, mayReserveCow } from '../state/map.js';
import type { State } from '../state/state.js';

/** What a write-back inside a call, or at its end, reports: the device's error. */
export function toldByFlush(file: FileModel, error: Errno): boolean {
  return error === EIO || file.flushErrors.has(error);
}

/** Ranges wider than this many blocks keep to what was stored in before. */
const WIDE = 4096;

/** The blocks of [offset, end) may be anything they were or were to become; the size may be any of the two. */
export function shatter(state: State, file: FileModel, offset: Bytes, end: Bytes, otherSize: Bytes): void {
  const unclear = Block.HOLE | Block.UNWRITTEN | Block.DATA | Block.DIRTY | Block.CACHED | Block.LOST;
  const last = Math.min(end, state.blockUp(Math.max(file.size, otherSize)));
  if (offset >= last && otherSize === file.size) return;
  if (last - offset <= WIDE * state.block)
    for (let at = state.blockDown(offset); at < last; ) at = chunkFor(state.pool, file, at).end;
  mayReserveCopies(state, file, offset, last);
  for (const chunk of file.chunks) {
    for (let i = 0; i < chunk.state.length; i++) {
      const start = chunk.start + i * state.block;
      if (start + state.block <= offset || start >= last) continue;
      state.shared.doubt(chunk, i);
      chunk.state[i]! |= unclear;
    }
  }
  file.hasLost = true;
  file.dirty = true;
  file.sizeLeast = Math.min(file.sizeLeast, file.size, otherSize);
  // A size that the call set before it failed may be on the device.
  file.safeSize = Math.min(file.safeSize, otherSize);
  file.size = Math.max(file.size, otherSize);
}

/**
 * Stores to [offset, end) reserve space for copies of what is shared there before anything else of them can fail, and may
 * keep it (MAP-23, INV-16).
 */
export function mayReserveCopies(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  eachOwner(state, file, offset, end, (_chunk, _index, storage) => {
    if (state.shared.mayBeShared(Math.abs(storage))) mayReserveCow(state, file);
  });
}

/** Stores to [offset, end) stopped half way, and what lies between the old end and them had become zero first (FS-X7). */
export function shatterStores(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  const { size } = file;
  // In two, because the gap may be too wide to be looked at.
  shatter(state, file, offset, end, Math.max(size, end));
  if (size < offset) shatter(state, file, size, offset, file.size);
}

/**
 * Moving everything from `offset` on by `distance` stopped half way: no block is certain to be where it was, or where it was
 * to go, nor is the size. It may have been one of several before.
 */
export function scatter(state: State, file: FileModel, offset: Bytes, distance: number): void {
  const otherSize = Math.max(0, distance + (distance < 0 ? file.sizeLeast : file.size));
  eachOwner(state, file, offset, Number.POSITIVE_INFINITY, (chunk, index) =>
    state.shared.mayBeOwnedUnseen(chunk, index),
  );
  mayHaveMovedBehind(state, file, distance);
  shatter(state, file, offset, Math.max(file.size, otherSize), otherSize);
}

/** Preallocation behind the end moves with the rest, and lies there until the size follows (FS-X13). */
function mayHaveMovedBehind(state: State, file: FileModel, distance: number): void {
  const behind = state.blockUp(file.size);
  if (file.spreadFrom < file.spreadTo && file.spreadTo > behind) {
    file.spreadFrom = Math.min(file.spreadFrom, Math.max(file.spreadFrom, behind) + distance);
    file.spreadTo = Math.max(file.spreadTo, file.spreadTo + distance);
  }
  for (const chunk of file.chunks.filter(({ end }) => end > behind))
    for (const [i, s] of chunk.state.slice().entries()) {
      const at = chunk.start + i * state.block;
      if (at < behind || (s & (Block.UNWRITTEN | Block.DATA)) === 0) continue;
      // Where offsets end it is forgotten.
      if (at + distance > Number.MAX_SAFE_INTEGER - state.pool.chunkBytes) continue;
      chunk.state[i]! |= Block.HOLE;
      const to = chunkFor(state.pool, file, at + distance);
      to.state[(at + distance - to.start) / state.block]! |= s & (Block.UNWRITTEN | Block.DATA);
    }
}
