/**
 * Collapse and insert move whole blocks with their bytes, states and owners (FS-X13, CR-34): everything from `from` on
 * goes to `to`. What is left uncovered is holes.
 */
import { type Bytes, roundUp } from '../../contract/index.js';
import { Block, stateTable } from './blocks.js';
import { chunkFor, chunkIndex } from './bytes.js';
import type { Chunk } from './chunk.js';
import type { FileModel } from './file.js';
import { absentState } from './map.js';
import type { State } from './state.js';

/**
 * Moves everything at and behind `from` down to `to` < `from`. [to, from) must be holes without bytes, and so must all be
 * behind `end`, of which nothing is said afterwards: the caller cuts the file.
 */
export function shiftDown(state: State, file: FileModel, from: Bytes, to: Bytes, end: Bytes): void {
  const distance = from - to;
  shiftMarks(file, from, -distance);
  for (let i = chunkIndex(file, to); i < file.chunks.length; i++) {
    const chunk = file.chunks[i]!;
    if (chunk.start >= end) return;
    const start = Math.max(from, chunk.start);
    if (start < chunk.end) move(state, file, chunk, start, chunk.end, -distance);
    // What comes from where no chunk was, or is moved here later.
    clear(state, file, chunk, Math.max(to, chunk.start, chunk.end - distance), chunk.end, false);
    // A chunk made for the target stands before this one.
    i = file.chunks.indexOf(chunk, i);
  }
}

/** Moves everything at and behind `from` up to `to` > `from`; the file ended at `end`. */
export function shiftUp(state: State, file: FileModel, from: Bytes, to: Bytes, end: Bytes): void {
  const distance = to - from;
  shiftMarks(file, from, distance);
  let last = file.chunks.length - 1;
  while (last >= 0 && file.chunks[last]!.start >= end && isHole(file.chunks[last]!))
    admit(state, file, file.chunks[last--]!);
  for (let i = last; i >= 0; i--) {
    const chunk = file.chunks[i]!;
    if (chunk.end <= from) break;
    const start = Math.max(from, chunk.start);
    // From the back, a chunk at a time; the target of this one may lie in it. Preallocation may leave the largest file;
    // where offsets end it is forgotten.
    if (chunk.end + distance <= Number.MAX_SAFE_INTEGER - state.pool.chunkBytes)
      move(state, file, chunk, start, chunk.end, distance);
    // The inserted hole, and what comes from where no chunk was.
    const stop = Math.min(chunk.end, start + distance);
    clear(state, file, chunk, start, Math.min(stop, to), true);
    clear(state, file, chunk, Math.max(start, to), stop, false);
    i = file.chunks.indexOf(chunk);
  }
}

/** Nothing is moved here but what had no chunk, which is bounded by the marks. */
function admit(state: State, file: FileModel, chunk: Chunk): void {
  for (let k = 0; k < chunk.state.length; k++) chunk.state[k]! |= absentState(file, chunk.start + k * state.block);
}

/** Nothing but holes: where only such are behind them, they need not be moved. */
function isHole(chunk: Chunk): boolean {
  for (const s of chunk.state) if (stored[s] !== 0) return false;
  return true;
}

const stored = stateTable(s => (s & ~(Block.CACHED | Block.DIRTY)) !== Block.HOLE);

/** Moves [start, end) of the chunk by `distance`: up to two parts, the one that lies further on in that direction first. */
function move(state: State, file: FileModel, source: Chunk, start: Bytes, end: Bytes, distance: number): void {
  const { chunkBytes } = state.pool;
  const seam = roundUp(start + distance + 1, chunkBytes) - distance;
  if (seam >= end) {
    movePart(state, file, source, start, end, distance);
    return;
  }
  if (distance > 0) movePart(state, file, source, seam, end, distance);
  movePart(state, file, source, start, seam, distance);
  if (distance < 0) movePart(state, file, source, seam, end, distance);
}

function movePart(state: State, file: FileModel, source: Chunk, from: Bytes, stop: Bytes, distance: number): void {
  const target = chunkFor(state.pool, file, from + distance);
  const to = from + distance - target.start;
  const start = from - source.start;
  const end = stop - source.start;
  if (source.bytes === null) target.bytes?.fill(0, to, to + end - start);
  else if (source === target) source.bytes.copyWithin(to, start, end);
  else source.bytes.copy(state.pool.bytesOf(target), to, start, end);
  const first = start / state.block;
  const behind = end / state.block;
  const place = to / state.block;
  if (source === target) source.state.copyWithin(place, first, behind);
  else for (let k = first; k < behind; k++) target.state[place + k - first] = source.state[k]!;
  if (source.owners === null) target.owners?.fill(0, place, place + behind - first);
  else {
    const owners = target.owning();
    if (source === target) owners.copyWithin(place, first, behind);
    else for (let k = first; k < behind; k++) owners[place + k - first] = source.owners[k]!;
  }
}

/** Forgets what was moved away. What comes instead is a hole, or had no chunk, or is moved here later. */
function clear(state: State, file: FileModel, chunk: Chunk, start: Bytes, end: Bytes, hole: boolean): void {
  if (start >= end) return;
  chunk.bytes?.fill(0, start - chunk.start, end - chunk.start);
  const first = (start - chunk.start) / state.block;
  const behind = (end - chunk.start) / state.block;
  for (let k = first; k < behind; k++)
    chunk.state[k] = hole ? Block.HOLE : absentState(file, chunk.start + k * state.block);
  chunk.owners?.fill(0, first, behind);
}

/** Comes first, so that chunks made for what moves begin with what the marks allow at the new place. */
function shiftMarks(file: FileModel, from: Bytes, distance: number): void {
  // The marks bound what may be; a shift down leaves the lower one, a shift up the old place too.
  if (file.spreadTo > from) file.spreadTo += distance;
  if (file.spreadFrom >= from) file.spreadFrom += Math.min(0, distance);
  if (file.spreadTo < file.spreadFrom) file.spreadTo = file.spreadFrom;
  if (file.doubts.some) file.doubts.shift(from, distance);
}
