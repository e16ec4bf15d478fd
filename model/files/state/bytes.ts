/**
 * The bytes of a file: find, store, zero, copy and compare them, chunk by chunk. Nothing here knows of blocks or sizes.
 */
import { type Bytes, type Data, fillData } from '../../contract/index.js';
import { Block, idlyDirty } from './blocks.js';
import type { Chunk, ChunkPool } from './chunk.js';
import type { FileModel } from './file.js';
import { equalWords, wordsOf, zeroWords } from './words.js';

/** Ranges at least this long are compared by Buffer.compare instead of a loop. */
const LONG = 256;
/** And by words from here on. */
const SHORT = 16;
const zeroes = Buffer.alloc(65_536);

/** Index of the first chunk that ends behind `offset`. */
export function chunkIndex(file: FileModel, offset: Bytes): number {
  const chunks = file.chunks;
  const hit = chunks[file.hit];
  if (hit !== undefined && offset >= hit.start && offset < hit.end) return file.hit;
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (chunks[middle]!.end <= offset) low = middle + 1;
    else high = middle;
  }
  file.hit = low;
  return low;
}

/** The first offset from `offset` on that a chunk holds; Infinity if there is none. Up to there the file is zero. */
export function nextHeld(file: FileModel, offset: Bytes): Bytes {
  const chunk = file.chunks[chunkIndex(file, offset)];
  return chunk === undefined ? Number.POSITIVE_INFINITY : Math.max(offset, chunk.start);
}

/** The end of the chunk that holds `offset`; `offset` itself if none does. */
export function heldUntil(file: FileModel, offset: Bytes): Bytes {
  const chunk = file.chunks[chunkIndex(file, offset)];
  return chunk === undefined || chunk.start > offset ? offset : chunk.end;
}

/** The chunk that holds `offset`, made if there was none. */
export function chunkFor(pool: ChunkPool, file: FileModel, offset: Bytes): Chunk {
  const index = chunkIndex(file, offset);
  const found = file.chunks[index];
  if (found !== undefined && found.start <= offset) return found;
  const made = pool.take(offset);
  if (file.absent !== Block.HOLE) made.state.fill(file.absent);
  const from = Math.max(made.start, file.spreadFrom);
  const to = Math.min(made.end, file.spreadTo);
  if (from < to) {
    const spread = Block.HOLE | Block.UNWRITTEN | Block.CACHED;
    made.state.fill(spread, (from - made.start) / pool.blockSize, (to - made.start) / pool.blockSize);
  }
  for (const { from: idleFrom, to: idleTo } of file.idle) {
    const idleEnd = Math.min(made.end, idleTo);
    for (let at = Math.max(made.start, idleFrom); at < idleEnd; at += pool.blockSize) {
      const k = (at - made.start) / pool.blockSize;
      made.state[k] = idlyDirty[made.state[k]!]!;
    }
  }
  file.chunks.splice(index, 0, made);
  file.hit = index;
  return made;
}

export function storeData(pool: ChunkPool, file: FileModel, offset: Bytes, length: Bytes, data: Data): void {
  const end = offset + length;
  for (let at = offset; at < end; ) {
    const chunk = chunkFor(pool, file, at);
    const n = Math.min(end, chunk.end) - at;
    fillData(data, at, pool.bytesOf(chunk), at - chunk.start, n);
    at += n;
  }
}

export function storeBytes(
  pool: ChunkPool,
  file: FileModel,
  offset: Bytes,
  length: Bytes,
  from: Uint8Array,
  index: number,
): void {
  for (let done = 0; done < length; ) {
    const chunk = chunkFor(pool, file, offset + done);
    const n = Math.min(length - done, chunk.end - offset - done);
    pool.bytesOf(chunk).set(from.subarray(index + done, index + done + n), offset + done - chunk.start);
    done += n;
  }
}

/** Zeroes [offset, end) where there are bytes. */
export function zeroBytes(file: FileModel, offset: Bytes, end: Bytes): void {
  if (offset >= end) return;
  for (let i = chunkIndex(file, offset); i < file.chunks.length; i++) {
    const chunk = file.chunks[i]!;
    if (chunk.start >= end) return;
    chunk.bytes?.fill(0, Math.max(offset, chunk.start) - chunk.start, Math.min(end, chunk.end) - chunk.start);
  }
}

export function byteAt(file: FileModel, offset: Bytes): number {
  const chunk = file.chunks[chunkIndex(file, offset)];
  if (chunk === undefined || chunk.start > offset || chunk.bytes === null) return 0;
  return chunk.bytes[offset - chunk.start]!;
}

export function loadBytes(file: FileModel, offset: Bytes, length: Bytes, into: Uint8Array, index: number): void {
  into.fill(0, index, index + length);
  copyChunks(file, offset, length, into, index);
}

/** The same in memory of its own. */
export function copyOfBytes(file: FileModel, offset: Bytes, length: Bytes): Uint8Array {
  const bytes = new Uint8Array(length);
  copyChunks(file, offset, length, bytes, 0);
  return bytes;
}

/** What no chunk covers is left as it is. */
function copyChunks(file: FileModel, offset: Bytes, length: Bytes, into: Uint8Array, index: number): void {
  const end = offset + length;
  for (let i = chunkIndex(file, offset); i < file.chunks.length; i++) {
    const chunk = file.chunks[i]!;
    if (chunk.start >= end) return;
    if (chunk.bytes === null) continue;
    const from = Math.max(offset, chunk.start);
    chunk.bytes.copy(into, index + (from - offset), from - chunk.start, Math.min(end, chunk.end) - chunk.start);
  }
}

/** The first offset in [offset, offset+length) at which `memory` differs from the file, or −1. */
export function firstDifference(
  file: FileModel,
  offset: Bytes,
  length: Bytes,
  memory: Uint8Array,
  index: number,
): Bytes {
  const end = offset + length;
  let at = offset;
  for (let i = chunkIndex(file, offset); at < end; i++) {
    const chunk = file.chunks[i];
    const gapEnd = chunk === undefined || chunk.start > end ? end : chunk.start;
    if (at < gapEnd) {
      const bad = firstNonZero(memory, index + (at - offset), gapEnd - at);
      if (bad >= 0) return at + bad;
      at = gapEnd;
      if (at === end) return -1;
    }
    if (chunk === undefined) return -1;
    const n = Math.min(end, chunk.end) - at;
    const bad =
      chunk.bytes === null
        ? firstNonZero(memory, index + (at - offset), n)
        : firstUnequal(chunk.bytes, chunk.words!, at - chunk.start, memory, index + (at - offset), n);
    if (bad >= 0) return at + bad;
    at += n;
  }
  return -1;
}

function firstUnequal(a: Buffer, words: Uint32Array, i: number, b: Uint8Array, j: number, n: number): number {
  if (n >= LONG && a.compare(b, j, j + n, i, i + n) === 0) return -1;
  for (let k = n >= SHORT ? equalWords(words, i, wordsOf(b), j, n) : 0; k < n; k++) if (a[i + k] !== b[j + k]) return k;
  return -1;
}

function firstNonZero(memory: Uint8Array, at: number, n: number): number {
  if (n >= LONG && n <= zeroes.length && zeroes.compare(memory, at, at + n, 0, n) === 0) return -1;
  for (let k = n >= SHORT ? zeroWords(wordsOf(memory), at, n) : 0; k < n; k++) if (memory[at + k] !== 0) return k;
  return -1;
}
