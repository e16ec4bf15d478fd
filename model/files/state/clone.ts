/**
 * Sharing a range of blocks of one file with another: the target takes over bytes and storage of the source (FS-X14).
 * Only written blocks are shared; holes and unwritten blocks of the source leave holes, but a target block that is
 * unwritten under an unwritten source block stays.
 */
import type { Bytes, Call } from '../../contract/index.js';
import { Block } from './blocks.js';
import { chunkFor, chunkIndex, firstDifference, heldUntil, loadBytes, nextHeld, storeBytes } from './bytes.js';
import type { Chunk } from './chunk.js';
import type { FileModel } from './file.js';
import { blockState, loseSpread, mayBeLostToo, nextStored, spreadWithin } from './map.js';
import type { State } from './state.js';

const { HOLE, UNWRITTEN, DATA, UNSURE, LOST } = Block;
const scratch = Buffer.alloc(65_536);
/** Blocks that may be preallocated are gone through one by one up to so many; what of more may be so may stay so. */
const MOST_SPREAD = 65_536;

/** Bytes that a clone means: length 0 is to the end of its source. */
export function cloneLength(state: State, { length, fromFile, fromOffset }: Call): Bytes {
  return length === 0 ? Math.max(0, state.file(fromFile).size - fromOffset) : length;
}

/**
 * Visits the pieces of [from, …) and [to, …) of which one of the files holds something: a long hole costs nothing.
 * False as soon as a visit is.
 */
function eachPiece(
  source: FileModel,
  from: Bytes,
  target: FileModel,
  to: Bytes,
  length: Bytes,
  visit: (done: Bytes, length: Bytes) => boolean,
): boolean {
  for (let done = 0; done < length; ) {
    done = Math.min(nextHeld(source, from + done) - from, nextHeld(target, to + done) - to);
    if (done >= length) return true;
    const end = Math.max(heldUntil(source, from + done) - from, heldUntil(target, to + done) - to);
    const n = Math.min(length, end, done + scratch.length) - done;
    if (!visit(done, n)) return false;
    done += n;
  }
  return true;
}

/** Bytes [from, from+length) of `source` become [to, …) of `target`, through the cache. The ranges do not overlap. */
export function copyBytes(
  state: State,
  source: FileModel,
  from: Bytes,
  target: FileModel,
  to: Bytes,
  length: Bytes,
): void {
  eachPiece(source, from, target, to, length, (done, n) => {
    loadBytes(source, from + done, n, scratch, 0);
    storeBytes(state.pool, target, to + done, n, scratch, 0);
    return true;
  });
  if (source.hasLost) copyLosses(state, source, from, target, to, length);
  // The copy of a byte that may have several values may have each of them.
  source.doubts.copyTo(target.doubts, from, from + length, to - from);
}

/** What may be lost at the source may be so in the copy. */
function copyLosses(state: State, source: FileModel, from: Bytes, target: FileModel, to: Bytes, length: Bytes): void {
  for (let at = from; (at = nextHeld(source, at)) < from + length; at = state.blockDown(at) + state.block) {
    if ((blockState(state, source, at) & LOST) === 0) continue;
    const end = Math.min(from + length, state.blockDown(at) + state.block);
    mayBeLostToo(state, target, at - from + to, end - from + to);
  }
}

/** Shares the blocks of [from, from+length) with the target's from `to` on; all three are block aligned. */
export function shareBlocks(
  state: State,
  source: FileModel,
  from: Bytes,
  target: FileModel,
  to: Bytes,
  length: Bytes,
): void {
  if (spreadWithin(source, from, from + length) === 0) loseSpread(target, to, to + length);
  const few = spreadWithin(target, to, to + length) <= MOST_SPREAD * state.block;
  const nextOf = few ? nextStored : nextHeld;
  const next = (done: Bytes): Bytes =>
    state.blockDown(Math.min(nextHeld(source, from + done) - from, nextOf(target, to + done) - to));
  for (let done = 0; (done = next(done)) < length; done += state.block) {
    const old = blockState(state, source, from + done);
    if ((old & (DATA | LOST)) === 0 && (blockState(state, target, to + done) & (DATA | UNWRITTEN)) === 0) continue;
    const chunk = chunkFor(state.pool, target, to + done);
    const index = (to + done - chunk.start) / state.block;
    const was = chunk.state[index]!;
    state.shared.release(target, chunk, index);
    let now = 0;
    if ((old & DATA) !== 0) now |= DATA;
    if ((old & HOLE) !== 0) now |= HOLE;
    if ((old & UNWRITTEN) !== 0)
      now |= ((was & UNWRITTEN) !== 0 ? UNWRITTEN : 0) | ((was & (HOLE | DATA)) !== 0 ? HOLE : 0);
    chunk.state[index] = now | (old & LOST);
    if ((old & LOST) !== 0) target.hasLost = true;
    if ((old & DATA) === 0) continue;
    if (now !== DATA || (old & UNSURE) !== 0) chunk.state[index]! |= UNSURE;
    const sourceChunk = source.chunks[chunkIndex(source, from + done)]!;
    const storage = ownerOf(state, source, sourceChunk, (from + done - sourceChunk.start) / state.block);
    state.shared.own(target, chunk, index, storage);
  }
}

/** The source's owner number, given to it now if it had storage of its own. */
function ownerOf(state: State, source: FileModel, chunk: Chunk, index: number): number {
  const known = chunk.owners?.[index] ?? 0;
  if (known > 0) return known;
  // Sharing begins with what was stored: the source is on the device, and copy-on-write has given it storage of its own. But a
  // failed writeback leaves the old storage in place (FS-X4).
  if (known < 0 && (chunk.state[index]! & LOST) !== 0) {
    chunk.owners![index] = -known;
    return -known;
  }
  if (known < 0) state.shared.release(source, chunk, index);
  const storage = state.shared.next();
  if ((chunk.state[index]! & (HOLE | UNWRITTEN)) !== 0) chunk.state[index]! |= UNSURE;
  state.shared.own(source, chunk, index, storage);
  return storage;
}

/** The ranges hold the same bytes, certainly; with doubts about a byte the answer is null. */
export function sameBytes(source: FileModel, from: Bytes, target: FileModel, to: Bytes, length: Bytes): boolean | null {
  if (source.hasLost || target.hasLost) return null;
  if (source.doubts.within(from, from + length) || target.doubts.within(to, to + length)) return null;
  return eachPiece(source, from, target, to, length, (done, n) => {
    loadBytes(source, from + done, n, scratch, 0);
    return firstDifference(target, to + done, n, scratch, 0) < 0;
  });
}
