/**
 * What one answered store does to what another one that overlapped it left (INV-30, INV-31): bytes keep the values of both,
 * blocks the states of both.
 */
import { type Bytes, type FileId, LARGEST_FILE, roundDown, roundUp } from '../../contract/index.js';
import type { FileModel } from '../state/file.js';
import { mayBeAnything, mayBecomeData, mayBeLostToo, mayFollowHint } from '../state/map.js';
import { mayAddScribble } from '../state/scribble.js';
import type { State } from '../state/state.js';
import { mayBeThese } from './doubts.js';
import { laterPlaces, laterRanges, type Move } from './moves.js';
import { mayBeShared, mayStayShared } from './sharing-order.js';
import { type Store, storeEnd } from './stores.js';

/** Blocks that are blurred at most. */
const WIDEST = 4096;

/**
 * A direct write overlapped an access through the cache. A folio that the access dirtied may have been read before the
 * write, and then hides it wherever it reaches (INV-31): the bytes before the write stay possible, and so does that they
 * had been lost (WB-73), also where `moves` took them.
 */
export function hide(
  state: State,
  file: FileModel,
  { offset: from, before, lost }: Store,
  offset: Bytes,
  end: Bytes,
  moves: readonly Move[],
): void {
  const { maxFolioSize } = state.geometry;
  const start = Math.max(from, roundDown(offset, maxFolioSize));
  const reach = Math.min(from + before.length, roundUp(end, maxFolioSize));
  // What lies behind the end now may have been moved from there.
  mayBeMoved(state, file.id, start, before.subarray(start - from, Math.max(start, reach) - from), moves);
  const stop = Math.min(reach, file.size);
  if (start < stop) file.becomeTwofold(start, stop);
  mayBeThese(file, start, stop, before, start - from);
  for (let at = state.blockDown(start); lost !== null && at < stop; at += state.block)
    if (lost[(at - state.blockDown(from)) / state.block] === 1) mayBeLostToo(state, file, at, at + state.block);
}

/**
 * The order of two calls that changed these blocks is not known, nor the size that either met: every state is possible in
 * the folios around, and of what either reserved behind the end.
 */
export function blur(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  const { maxFolioSize } = state.geometry;
  if (offset > end + maxFolioSize) return;
  const from = roundDown(Math.max(0, Math.min(offset, end)), maxFolioSize);
  const to = Math.min(roundUp(Math.max(offset, end), maxFolioSize) + maxFolioSize, from + WIDEST * state.block);
  mayBeAnything(state, file, from, Math.min(to, LARGEST_FILE));
}

/** Bytes that both stored to, one of them the model's now: the others are possible too. */
export function meet(state: State, file: FileModel, from: Bytes, to: Bytes, store: Store): void {
  if (store.mapped) {
    mayAddScribble(state, file, store.offset, store.after);
    const { maxFolioSize } = state.geometry;
    const bound = Math.min(state.blockUp(file.size), roundUp(storeEnd(store), maxFolioSize));
    const first = roundDown(store.offset, maxFolioSize);
    mayBecomeData(state, file, first, bound);
    // Where it came later, what it got space for it got by the hint.
    mayFollowHint(state, file, first, bound);
  }
  const start = Math.max(from, store.offset);
  const end = Math.min(to, store.offset + store.after.length, file.size);
  mayBeThese(file, start, end, store.after, start - store.offset);
  const first = state.blockDown(store.offset);
  for (let at = state.blockDown(start); store.left !== null && at < end; at += state.block)
    if (store.left[(at - first) / state.block] === 1) mayBeLostToo(state, file, at, at + 1);
}

/** What had been lost before the store, perhaps, may be so still. */
export function loseAgain(state: State, file: FileModel, { offset, lost }: Store): void {
  if (lost === null) return;
  const first = state.blockDown(offset);
  for (const [i, isLost] of lost.entries())
    if (isLost === 1) mayBeLostToo(state, file, first + i * state.block, first + (i + 1) * state.block);
}

/**
 * The bytes stored at `from` may have been moved, with the blocks they lie in; those of a mapped store with the folios that
 * its fault dirtied (PC-60).
 */
export function moved(
  state: State,
  file: FileId,
  from: Bytes,
  versions: readonly Uint8Array[],
  moves: readonly Move[],
  mapped: boolean,
): void {
  if (moves.length === 0) return;
  const length = versions[0]!.length;
  mayBeShared(state, file, from, length, moves, mapped);
  for (const version of versions) mayBeMoved(state, file, from, version, moves);
  const unit = mapped ? state.geometry.maxFolioSize : state.block;
  for (let at = roundDown(from, unit); at < roundUp(from + length, unit); at += state.block)
    for (const place of laterPlaces(file, at, moves)) {
      const target = state.file(place.file);
      if (place.offset < 0 || place.offset >= target.size) continue;
      blur(state, target, place.offset, place.offset + 1);
      // The store may not have met what was moved there.
      mayStayShared(state, target, place.offset, place.offset + 1);
    }
}

/** The values that the bytes at `at` had may be wherever these moves took them. */
function mayBeMoved(state: State, file: FileId, at: Bytes, values: Uint8Array, moves: readonly Move[]): void {
  for (const { file: id, from, end, index } of laterRanges(file, at, at + values.length, moves)) {
    const target = state.file(id);
    const first = Math.max(0, from);
    mayBeThese(target, first, Math.min(end, target.size), values, index + (first - from));
  }
}

/** What had been lost, perhaps, before the store was moved as it was (WB-73). */
export function moveLosses(state: State, store: Store, moves: readonly Move[]): void {
  if (store.lost === null) return;
  const first = state.blockDown(store.offset) / state.block;
  for (let at = store.offset; at < storeEnd(store); at = state.blockDown(at) + state.block) {
    if (store.lost[Math.floor(at / state.block) - first] === 0) continue;
    const behind = Math.min(storeEnd(store), state.blockDown(at) + state.block);
    for (const { file, from, end } of laterRanges(store.file, at, behind, moves)) {
      const target = state.file(file);
      const start = Math.max(0, from);
      const stop = Math.min(end, target.size);
      if (start < stop) mayBeLostToo(state, target, start, stop);
    }
  }
}
