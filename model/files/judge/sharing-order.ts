/**
 * Stores and clones that overlap: whether the blocks of both are shared afterwards depends on which came first, which
 * nobody knows.
 */
import { type Bytes, type FileId, roundDown, roundUp } from '../../contract/index.js';
import { Block } from '../state/blocks.js';
import { chunkFor } from '../state/bytes.js';
import type { Chunk } from '../state/chunk.js';
import type { FileModel } from '../state/file.js';
import { mayBeAnything, mayReserveCow } from '../state/map.js';
import type { State } from '../state/state.js';
import { laterPlaces, type Move, type Place } from './moves.js';

/** A store of `length` bytes may have come before these moves, which then share its blocks, or after them. */
export function mayBeShared(
  state: State,
  file: FileId,
  from: Bytes,
  length: Bytes,
  moves: readonly Move[],
  mapped: boolean,
): void {
  const unit = mapped ? state.geometry.maxFolioSize : state.block;
  const first = roundDown(from, unit);
  const end = roundUp(from + length, unit);
  const whole = moves.filter(move => move.copies && move.distance % state.block === 0);
  // A store to what a clone replaced, before or after it.
  for (const { target, from: start, end: stop, distance } of whole)
    if (target === file)
      mayStayShared(state, state.file(file), Math.max(first, start + distance), Math.min(end, stop + distance));
  if (!whole.some(({ source }) => source === file)) return;
  for (let at = state.blockDown(first); at < end; at += state.block) mayShare(state, file, at, moves);
}

/** The store to the block came before a clone of it or after: wherever it was moved since, it may be shared or not. */
function mayShare(state: State, file: FileId, at: Bytes, moves: readonly Move[]): void {
  const isBlock = ({ offset }: Place): boolean => offset >= 0 && offset % state.block === 0;
  const places = laterPlaces(file, at, moves).filter(isBlock);
  const alone = moves.filter(({ copies }) => !copies);
  if (places.length === laterPlaces(file, at, alone).length) return;
  for (const place of places) mayBeAnything(state, state.file(place.file), place.offset, place.offset + state.block);
  const blocks = [{ file, offset: at }, ...places].map(place => blockAt(state, state.file(place.file), place.offset));
  const owners = blocks.map(([, chunk, index]) => Math.abs(chunk.owners?.[index] ?? 0));
  const storage = owners.find(owner => owner !== 0) ?? state.shared.next();
  const several = owners.some(owner => owner !== 0 && owner !== storage);
  for (const [its, chunk, index] of blocks) {
    // A store that came after it copies on write.
    mayReserveCow(state, its);
    state.shared.mayStay(chunk, index);
    if ((chunk.owners?.[index] ?? 0) !== 0) {
      // What it shares already is what it shares in the other order.
      if (several) state.shared.mayBeOwnedUnseen(chunk, index);
      continue;
    }
    chunk.state[index]! |= Block.UNSURE;
    state.shared.own(its, chunk, index, storage);
  }
}

/** The store may not have met these blocks: sharing that it would have ended may still be there. */
export function mayStayShared(state: State, file: FileModel, from: Bytes, end: Bytes): void {
  for (let at = state.blockDown(from); at < end; at += state.block) {
    const [, chunk, index] = blockAt(state, file, at);
    state.shared.mayStay(chunk, index);
  }
}

function blockAt(state: State, file: FileModel, at: Bytes): readonly [FileModel, Chunk, number] {
  const chunk = chunkFor(state.pool, file, at);
  return [file, chunk, Math.floor((at - chunk.start) / state.block)];
}
