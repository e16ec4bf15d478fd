/**
 * Which bytes may be seen. Sequentially there is one value a byte and the comparison is a plain one; only where a byte is
 * in doubt (overlapping stores, INV-30), was perhaps lost (WB-73), or other calls are open now, each byte is asked about.
 * An observation narrows: the value seen is the model's from then on.
 */
import {
  type Answer,
  type Bytes,
  type Call,
  DEVICE_POISON,
  type FileId,
  type Finding,
  MEMORY_POISON,
} from '../../contract/index.js';
import { Block } from '../state/blocks.js';
import { firstDifference, loadBytes, storeBytes } from '../state/bytes.js';
import type { FileModel } from '../state/file.js';
import { blockState } from '../state/map.js';
import { mayBeScribble } from '../state/scribble.js';
import type { State } from '../state/state.js';
import { explainByte } from './explain.js';
import { finding } from './findings.js';

/** The first offset at which `memory` shows what the file cannot hold, or −1. */
export function firstWrong(
  state: State,
  file: FileModel,
  offset: Bytes,
  length: Bytes,
  memory: Uint8Array,
  at: number,
): Bytes {
  const end = offset + length;
  for (let next = offset; ; ) {
    const bad = firstDifference(file, next, end - next, memory, at + (next - offset));
    if (bad < 0) return bad;
    const permitted = mayShow(state, file, bad, end - bad, memory, at + (bad - offset));
    if (permitted === 0) return bad;
    next = bad + permitted;
  }
}

/**
 * How many of the `n` bytes from `memory[at]` on may show at `offset`, though the first of them is not the model's: 0 if it
 * may not; as many are told together as the same reason permits.
 */
function mayShow(state: State, file: FileModel, offset: Bytes, n: number, memory: Uint8Array, at: number): number {
  const seen = memory[at]!;
  if (mayBeScribble(file, offset, seen)) return 1;
  if (offset >= file.size && offset < file.tailTo && !isPoison(seen)) return 1;
  const lost = file.hasLost && (blockState(state, file, offset) & Block.LOST) !== 0;
  if (lost && !isPoison(seen)) return unpoisoned(memory, at, Math.min(n, state.block - (offset % state.block)));
  const matching = file.doubts.matching(offset, n, memory, at);
  if (matching > 0) return matching;
  if (lost) return 0;
  return state.overlap.idle ? 0 : state.overlap.mayShow(file.id, offset, n, memory, at);
}

/** How many of the `n` bytes of memory, one behind the other, are not poison. */
function unpoisoned(memory: Uint8Array, at: number, n: number): number {
  let k = 0;
  while (k < n && !isPoison(memory[at + k]!)) k++;
  return k;
}

function isPoison(seen: number): boolean {
  return seen === DEVICE_POISON || seen === MEMORY_POISON;
}

/** Judges `count` bytes that the call saw from `offset` on. */
export function judgeBytes(
  state: State,
  call: Call,
  offset: Bytes,
  count: Bytes,
  bytes: Uint8Array,
  at = 0,
): Finding | null {
  if (count === 0) return null;
  if (bytes.length < at + count)
    return finding('INV-30', call, offset, count, `the answer counts ${count} bytes and has ${bytes.length - at}`);
  const file = state.file(call.file);
  const bad = firstWrong(state, file, offset, count, bytes, at);
  if (bad >= 0) return finding('INV-30', call, bad, 1, explainByte(file, bad, bytes[at + (bad - offset)]!));
  if ((file.doubts.some || file.hasLost) && !state.overlap.active) adopt(state, file, offset, count, bytes, at);
  return null;
}

/** What was seen is what the file holds. */
function adopt(state: State, file: FileModel, offset: Bytes, count: Bytes, bytes: Uint8Array, at: number): void {
  const end = offset + count;
  file.doubts.forget(offset, end, doubtful => isTwofold(state, file, doubtful));
  for (let bad = offset; ; bad++) {
    bad = firstDifference(file, bad, end - bad, bytes, at + (bad - offset));
    if (bad < 0) return;
    if (!file.doubts.has(bad)) storeBytes(state.pool, file, bad, 1, bytes, at + (bad - offset));
  }
}

/** The cache may hold one version and the device another, so that what one of them showed tells nothing of the other. */
function isTwofold(state: State, file: FileModel, offset: Bytes): boolean {
  if (offset < file.twofoldFrom || offset >= file.twofoldTo) return false;
  return (blockState(state, file, offset) & Block.CACHED) !== 0;
}

/** Judges what a mapped load saw behind the end: zero, or what was stored there (INV-27). */
export function judgeTail(
  state: State,
  call: Call,
  offset: Bytes,
  count: Bytes,
  bytes: Uint8Array,
  at: number,
): Finding | null {
  const file = state.file(call.file);
  for (let i = 0; i < count; i++) {
    const seen = bytes[at + i]!;
    if (seen === 0 || mayShow(state, file, offset + i, 1, bytes, at + i) > 0) continue;
    return finding('INV-27', call, offset + i, 1, explainByte(file, offset + i, seen));
  }
  return null;
}

/** The model's own bytes for an answer with a count; behind the end they are zero. */
export function loadVisible(state: State, id: FileId, offset: Bytes, count: Bytes, into: Answer): void {
  if (into.bytes.length < count) into.bytes = new Uint8Array(Math.max(count, 2 * into.bytes.length));
  loadBytes(state.file(id), offset, count, into.bytes, 0);
}
