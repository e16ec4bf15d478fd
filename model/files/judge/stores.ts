/**
 * What one answered store does to what another one that overlapped it left (INV-30, INV-31): bytes keep the values of both,
 * blocks the states of both.
 */
import {
  type Bytes,
  type Call,
  type Data,
  type FileId,
  fillData,
  type Geometry,
  LARGEST_FILE,
  roundDown,
  roundUp,
} from '../../contract/index.js';
import { Block } from '../state/blocks.js';
import { byteAt, chunkFor, firstDifference } from '../state/bytes.js';
import type { Chunk } from '../state/chunk.js';
import type { FileModel } from '../state/file.js';
import { blockState, mayBeAnything, mayBecomeData, mayBeLostToo, mayReserveCow } from '../state/map.js';
import { mayAddScribble } from '../state/scribble.js';
import type { State } from '../state/state.js';
import { laterPlaces, type Move, type Place } from './moves.js';

/** One answered store, while others were open. */
export interface Store {
  readonly file: FileId;
  readonly offset: Bytes;
  readonly before: Uint8Array;
  /** Bytes that had several possible values before. */
  readonly doubts: readonly (readonly [at: Bytes, values: readonly number[]])[];
  readonly after: Uint8Array;
  /** Blocks from that of `offset` on whose bytes had been lost before, perhaps (WB-73): 1 each. Null: none. */
  readonly lost: Uint8Array | null;
  /** Those that it may have lost itself, because it failed half way. */
  readonly left: Uint8Array | null;
  /** When it was answered. */
  readonly ended: number;
  /** It was made through a mapping, whose fault dirtied whole folios. */
  readonly mapped: boolean;
  /** It met a larger file than the model knows: what it stored shows, and comes to the model when that call returns. */
  readonly ahead: boolean;
  /** It went past the cache. */
  readonly direct: boolean;
  /** It went through the cache, or may have. */
  readonly cached: boolean;
  /** It did so, and ended early. */
  readonly stopped: boolean;
  /** It moved bytes. */
  readonly move: Move | null;
}

/** The column `lost` of a store to `length` bytes. */
export function lostBlocks(state: State, file: FileModel, offset: Bytes, length: Bytes): Uint8Array | null {
  if (!file.hasLost) return null;
  const first = state.blockDown(offset);
  const count = (state.blockUp(offset + length) - first) / state.block;
  return Uint8Array.from({ length: count }, (_, i) =>
    (blockState(state, file, first + i * state.block) & Block.LOST) === 0 ? 0 : 1,
  );
}

/** Blocks that are blurred at most. */
const WIDEST = 4096;

export function storeEnd(store: Store): Bytes {
  return store.offset + store.after.length;
}

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
  const stop = Math.min(from + before.length, roundUp(end, maxFolioSize), file.size);
  if (start < stop) file.becomeTwofold(start, stop);
  mayBeThese(file, start, stop, before, start - from);
  if (moves.length > 0) for (let at = start; at < stop; at++) mayBeMoved(state, file.id, at, before[at - from]!, moves);
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

/** Where the bytes end that the call finds to write. */
function sourceEnd({ offset, length, accessible }: Call): Bytes {
  return offset + (accessible >= 0 ? Math.min(length, accessible) : length);
}

/** How many of the `n` bytes from `memory[at]` on the open call may have stored at `offset` already; 0: not the first. */
export function mayStore(
  call: Call,
  offset: Bytes,
  n: number,
  memory: Uint8Array,
  at: number,
  { blockSize, sectorSize }: Geometry,
): number {
  const zero = memory[at] === 0 ? 1 : 0;
  switch (call.name) {
    case 'write':
    case 'dwrite':
    case 'mapwrite':
      if (offset < call.offset) return zero;
      // Zeroes around the data, which ends with the last whole sector of its source (DIO-22).
      if (call.name === 'dwrite' && zero === 1 && offset < roundUp(sourceEnd(call), blockSize))
        if (offset >= roundDown(sourceEnd(call), sectorSize)) return 1;
      return equalData(call.data, offset, Math.min(n, call.offset + call.length - offset), memory, at);
    case 'truncate':
    case 'punch':
    case 'zero':
      return zero;
    // These bring bytes from elsewhere.
    case 'collapse':
    case 'insert':
    case 'reflink':
    case 'copy':
      return n;
    default:
      return 0;
  }
}

const some = new Uint8Array(64);

/** How many of the `n` bytes from `memory[at]` on are those that the data has from `offset` on; only the first few are looked at. */
function equalData(data: Data, offset: Bytes, n: number, memory: Uint8Array, at: number): number {
  const count = Math.min(n, some.length);
  if (count <= 0) return 0;
  fillData(data, offset, some, 0, count);
  let equal = 0;
  while (equal < count && some[equal] === memory[at + equal]) equal++;
  return equal;
}

/** Bytes that both stored to, one of them the model's now: the others are possible too. */
export function meet(state: State, file: FileModel, from: Bytes, to: Bytes, store: Store): void {
  if (store.mapped) {
    mayAddScribble(state, file, store.offset, store.after);
    const { maxFolioSize } = state.geometry;
    const bound = Math.min(state.blockUp(file.size), roundUp(storeEnd(store), maxFolioSize));
    mayBecomeData(state, file, roundDown(store.offset, maxFolioSize), bound);
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

/** Of the bytes in [from, end) these, which began at `at`, may still be there. */
export function older(file: FileModel, from: Bytes, end: Bytes, bytes: Uint8Array, at: Bytes): void {
  const start = Math.max(from, at);
  mayBeThese(file, start, Math.min(end, at + bytes.length, file.size), bytes, start - at);
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
  for (const version of versions)
    for (let i = 0; i < length; i++) mayBeMoved(state, file, from + i, version[i]!, moves);
  const unit = mapped ? state.geometry.maxFolioSize : state.block;
  for (let at = roundDown(from, unit); at < roundUp(from + length, unit); at += state.block)
    for (const place of laterPlaces(file, at, moves)) {
      const target = state.file(place.file);
      if (place.offset >= 0 && place.offset < target.size) blur(state, target, place.offset, place.offset + 1);
    }
}

/** The value that the byte had may be wherever these moves took it. */
function mayBeMoved(state: State, file: FileId, at: Bytes, value: number, moves: readonly Move[]): void {
  for (const { file: id, offset } of laterPlaces(file, at, moves)) {
    const target = state.file(id);
    if (offset >= 0 && offset < target.size) mayBe(target, offset, value);
  }
}

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

/** What had been lost, perhaps, before the store was moved as it was (WB-73). */
export function moveLosses(state: State, store: Store, moves: readonly Move[]): void {
  if (store.lost === null) return;
  const first = state.blockDown(store.offset) / state.block;
  for (let at = store.offset; at < storeEnd(store); at++) {
    if (store.lost[Math.floor(at / state.block) - first] === 0) continue;
    for (const { file, offset } of laterPlaces(store.file, at, moves)) {
      const target = state.file(file);
      if (offset >= 0 && offset < target.size) mayBeLostToo(state, target, offset, offset + 1);
    }
  }
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
  for (const [its, chunk, index] of blocks) {
    // A store that came after it copies on write.
    mayReserveCow(state, its);
    state.shared.mayStay(chunk, index);
    if ((chunk.owners?.[index] ?? 0) !== 0) continue;
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

/** The bytes in [from, to) have the values of `bytes` from `index` on, or those that are known to be possible already. */
function mayBeThese(file: FileModel, from: Bytes, to: Bytes, bytes: Uint8Array, index: number): void {
  for (let at = from; at < to; at++) {
    at = firstDifference(file, at, to - at, bytes, index + (at - from));
    if (at < 0) return;
    alsoBe(file, at, bytes[index + (at - from)]!);
  }
}

/** The byte has this value or one that is known to be possible already. */
export function mayBe(file: FileModel, at: Bytes, value: number): void {
  if (value !== byteAt(file, at)) alsoBe(file, at, value);
}

/** A value that is not the one the file holds. */
function alsoBe(file: FileModel, at: Bytes, value: number): void {
  const known = file.doubts.get(at);
  if (known === undefined) file.doubts.set(at, [value]);
  else if (!known.includes(value)) known.push(value);
}
