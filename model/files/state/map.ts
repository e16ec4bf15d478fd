/**
 * The states of a file's blocks: what each kind of change makes of them. Ranges are bytes; "blocks of a range" are those
 * it touches unless the function wants whole blocks, and then the range is block aligned. Where correct file systems
 * differ the result is a set (blocks.ts).
 */
import { type Bytes, roundDown, roundUp } from '../../contract/index.js';
import { Block, changeTable, idlyDirty, MAP_STATES } from './blocks.js';
import { chunkFor, chunkIndex, nextHeld } from './bytes.js';
import type { Chunk } from './chunk.js';
import type { FileModel } from './file.js';
import type { State } from './state.js';

const { HOLE, UNWRITTEN, DATA, CACHED, DIRTY, UNSURE, LOST, LIKELY_DATA } = Block;

/** The state of the block that holds `offset`. */
export function blockState(state: State, file: FileModel, offset: Bytes): number {
  const chunk = file.chunks[chunkIndex(file, offset)];
  if (chunk === undefined || chunk.start > offset) return absentState(file, offset);
  return chunk.state[Math.floor((offset - chunk.start) / state.block)]!;
}

/** The state of blocks around `offset` that no chunk holds. */
export function absentState(file: FileModel, offset: Bytes): number {
  return offset >= file.spreadFrom && offset < file.spreadTo ? HOLE | UNWRITTEN | CACHED : file.absent;
}

/** The first offset from `offset` on at which the file may have storage; Infinity if there is none. */
export function nextStored(file: FileModel, offset: Bytes): Bytes {
  const held = nextHeld(file, offset);
  return offset < file.spreadTo ? Math.min(held, Math.max(offset, file.spreadFrom)) : held;
}

/**
 * The blocks of [offset, end) get data for certain: reserved or written in place, or in new storage where the old one is
 * shared (MAP-23, FS-X5).
 * Only [storedFrom, storedEnd) was really stored to; what a failed writeback lost around it stays lost.
 */
export function becomeData(
  state: State,
  file: FileModel,
  offset: Bytes,
  end: Bytes,
  storedFrom: Bytes = offset,
  storedEnd: Bytes = end,
): void {
  file.dirty = true;
  for (let at = offset; at < end; ) {
    const chunk = chunkFor(state.pool, file, at);
    const first = Math.floor((at - chunk.start) / state.block);
    at = Math.min(end, chunk.end);
    const behind = Math.ceil((at - chunk.start) / state.block);
    if (!file.hasLost && file.owned === 0) {
      for (let i = first; i < behind; i++) chunk.state[i] = DATA | CACHED | DIRTY;
      continue;
    }
    for (let i = first; i < behind; i++) {
      const start = chunk.start + i * state.block;
      const whole = storedFrom <= start && start + state.block <= storedEnd;
      takeOwnStorage(state, file, chunk, i);
      chunk.state[i] = DATA | CACHED | DIRTY | (chunk.state[i]! & UNSURE) | (whole ? 0 : chunk.state[i]! & LOST);
    }
  }
}

/** Copy-on-write of one block: it is private once written back, and space around it may stay reserved. */
function takeOwnStorage(state: State, file: FileModel, chunk: Chunk, index: number): void {
  const storage = Math.abs(chunk.owners?.[index] ?? 0);
  if (state.shared.mayBeShared(storage)) {
    mayReserveCow(state, file);
    state.shared.leave(chunk, index);
  } else state.shared.release(file, chunk, index);
}

/** Nothing is preallocated in [offset, end), as far as two marks can say: inside them it stays possible where no chunk is. */
export function loseSpread(file: FileModel, offset: Bytes, end: Bytes): void {
  if (offset <= file.spreadFrom) file.spreadFrom = Math.min(Math.max(file.spreadFrom, end), file.spreadTo);
  else if (end >= file.spreadTo) file.spreadTo = Math.min(file.spreadTo, offset);
}

/** Bytes of [offset, end) that may be preallocated without a chunk saying so. */
export function spreadWithin(file: FileModel, offset: Bytes, end: Bytes): Bytes {
  return Math.max(0, Math.min(end, file.spreadTo) - Math.max(offset, file.spreadFrom));
}

/** Whole blocks lose their storage for certain. */
export function becomeHole(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  if (offset >= end) return;
  loseSpread(file, offset, end);
  for (let i = chunkIndex(file, offset); i < file.chunks.length; i++) {
    const chunk = file.chunks[i]!;
    if (chunk.start >= end) return;
    const first = Math.max(0, (offset - chunk.start) / state.block);
    const behind = (Math.min(end, chunk.end) - chunk.start) / state.block;
    if (chunk.owners !== null)
      for (let k = first; k < behind; k++) if (chunk.owners[k] !== 0) state.shared.release(file, chunk, k);
    chunk.state.fill(HOLE, first, behind);
  }
}

/** Whole blocks get unwritten storage where they have none (FS-X10 prealloc). */
export function preallocate(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  for (let at = offset; at < end; ) {
    const chunk = chunkFor(state.pool, file, at);
    const first = (at - chunk.start) / state.block;
    at = Math.min(end, chunk.end);
    const behind = (at - chunk.start) / state.block;
    for (let i = first; i < behind; i++) chunk.state[i] = preallocated[chunk.state[i]!]!;
  }
}

/** A hole that gets storage may be data, if the cache over it was dirty to no purpose. */
const filled = (s: number): number => s | UNWRITTEN | ((s & DIRTY) !== 0 ? DATA : 0);
const preallocated = changeTable(s => ((s & HOLE) !== 0 ? filled(s) & ~HOLE : s));
const maybePreallocated = changeTable(s => ((s & HOLE) !== 0 ? filled(s) : s));

/** Holes of the blocks may get unwritten storage: speculation, hints, what a failed operation left (INV-16). */
export function mayPreallocate(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  if (offset >= end) return;
  const from = state.blockDown(offset);
  const to = state.blockUp(end);
  if (file.spreadFrom === file.spreadTo) {
    file.spreadFrom = from;
    file.spreadTo = to;
  } else {
    file.spreadFrom = Math.min(file.spreadFrom, from);
    file.spreadTo = Math.max(file.spreadTo, to);
  }
  change(state, file, from, to, maybePreallocated);
}

/** An extent size hint makes allocations whole multiples of it, also those that a failed call leaves behind. */
export function mayFollowHint(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  const hint = state.options.extentSizeHint * state.block;
  if (hint > 0) mayPreallocate(state, file, roundDown(offset, hint), roundUp(end, hint));
}

/** Preallocation of the blocks may have been given back (FS-X11). */
export function mayTrim(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  change(state, file, offset, end, maybeTrimmed);
}

const maybeTrimmed = changeTable(s => ((s & UNWRITTEN) !== 0 ? s | HOLE : s));

/** A store may have dirtied the blocks: a larger folio than the page was dirtied whole (PC-96), or zeroes went to it (PC-77). */
export function mayBecomeData(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  mayChange(state, file, offset, end, DATA | CACHED | DIRTY, (chunk, k) => {
    if (state.shared.mayBeShared(Math.abs(chunk.owners![k]!))) mayReserveCow(state, file);
  });
}

/** The blocks may have been written before, with whatever they hold. */
export function mayBeWritten(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  const { dirty } = file;
  mayChange(state, file, offset, end, DATA);
  file.dirty = dirty;
}

/** Calls that overlapped worked on the blocks in an order that nobody knows. */
export function mayBeAnything(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  mayChange(state, file, offset, end, HOLE | UNWRITTEN | DATA | CACHED | DIRTY);
}

/** The blocks that [offset, end) touches may have these bits too, and storage of their own; `owned` looks at owners first. */
function mayChange(
  state: State,
  file: FileModel,
  offset: Bytes,
  end: Bytes,
  bits: number,
  owned: (chunk: Chunk, index: number) => void = () => {},
): void {
  if (offset < end) file.dirty = true;
  for (let at = offset; at < end; ) {
    const chunk = chunkFor(state.pool, file, at);
    const first = Math.floor((at - chunk.start) / state.block);
    at = Math.min(end, chunk.end);
    const behind = Math.ceil((at - chunk.start) / state.block);
    for (let k = first; k < behind; k++) {
      if (chunk.owners !== null) {
        owned(chunk, k);
        state.shared.doubt(chunk, k);
      }
      chunk.state[k]! |= bits;
    }
  }
}

/** The block at `offset`, which may be data, is it unless something intervened. */
export function likelyData(state: State, file: FileModel, offset: Bytes): void {
  change(state, file, offset, offset + 1, likelier);
}

const likelier = changeTable(s => s | LIKELY_DATA);

/** A failed writeback may have dropped what was not on the device yet (WB-73, FS-X3). */
export function mayBeLost(state: State, file: FileModel): void {
  for (const chunk of file.chunks) {
    for (let k = 0; k < chunk.state.length; k++) {
      if ((chunk.state[k]! & DIRTY) === 0) continue;
      if (chunk.owners !== null) state.shared.doubt(chunk, k);
      chunk.state[k]! |= HOLE | UNWRITTEN | LOST;
      file.hasLost = true;
    }
  }
}

/** Blocks of the range are on the device now. */
export function settle(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  // What overlapped the call may have been stored after it wrote back.
  if (offset >= end || state.overlap.contended) return;
  if (file.owned > 0) leaveShared(state, file, offset, end);
  change(state, file, offset, end, settled);
}

const settled = changeTable(s => s & ~DIRTY);

/** Copy-on-write of the range is complete: blocks that were leaving their shared storage have left it. */
function leaveShared(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  for (const chunk of file.chunks) {
    if (chunk.owners === null || chunk.end <= offset) continue;
    if (chunk.start >= end) return;
    const first = Math.max(0, Math.floor((offset - chunk.start) / state.block));
    const behind = Math.ceil((Math.min(end, chunk.end) - chunk.start) / state.block);
    for (let k = first; k < behind; k++) {
      if (chunk.owners[k]! >= 0) continue;
      // A failed writeback leaves the old storage in place (FS-X4).
      if ((chunk.state[k]! & LOST) !== 0) chunk.owners[k] = -chunk.owners[k]!;
      else state.shared.release(file, chunk, k);
    }
  }
}

/** An operation that ends sharing may have done so for any of the blocks. */
export function mayLeaveShared(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  eachOwner(state, file, offset, end, (chunk, index) => state.shared.doubt(chunk, index));
}

/** Visits the blocks of [offset, end) that have, or are leaving, storage which took part in sharing (sharing.ts). */
export function eachOwner(
  state: State,
  file: FileModel,
  offset: Bytes,
  end: Bytes,
  visit: (chunk: Chunk, index: number, storage: number) => void,
): void {
  if (file.owned === 0) return;
  for (const chunk of file.chunks) {
    if (chunk.owners === null || chunk.end <= offset || chunk.start >= end) continue;
    const first = Math.max(0, Math.floor((offset - chunk.start) / state.block));
    const behind = Math.ceil((Math.min(end, chunk.end) - chunk.start) / state.block);
    for (let k = first; k < behind; k++) if (chunk.owners[k] !== 0) visit(chunk, k, chunk.owners[k]!);
  }
}

/** Everything of the file is on the device now (CR-20). */
export function settleAll(state: State, file: FileModel): void {
  if (state.overlap.contendedIn(file.id)) return;
  if (!file.hasLost) file.safeSize = file.size;
  file.forgetIdle();
  if (!file.dirty) return;
  file.dirty = false;
  settle(state, file, 0, Number.POSITIVE_INFINITY);
}

/** No clean folio covers the blocks any more. */
export function dropCache(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  if (state.overlap.disturbed) return;
  change(state, file, offset, end, uncached);
}

const uncached = changeTable(s => s & ~CACHED);

export function dropAllCache(state: State, file: FileModel): void {
  if (state.overlap.disturbed) return;
  file.absent = HOLE;
  dropCache(state, file, 0, Number.POSITIVE_INFINITY);
}

/**
 * Blocks behind `end` in the folio that holds it stay in the cache, as zeroes (PC-92), and may stay dirty there: a write
 * fault dirties them too (PC-96), and a partial invalidation need not clean them (H-5). Without storage that is redundant
 * (INV-12); with storage their zeroes are written back.
 */
export function mayBeIdlyDirty(state: State, file: FileModel, end: Bytes): void {
  const start = state.blockUp(end);
  const behind = roundUp(end, state.geometry.maxFolioSize);
  if (start >= behind) return;
  if (file.hasCow) makeChunks(state, file, start, behind);
  else file.idle.push({ from: start, to: behind });
  change(state, file, start, behind, file.hasCow ? idlyDirtyUnderCow : idlyDirty);
}

const idlyDirtyUnderCow = changeTable(s => s | CACHED | DIRTY | DATA);

/**
 * Copy-on-write space may be reserved for the file, anywhere from now on. Writeback looks there first (FS-X1), so what is
 * dirty to no purpose over a hole goes there, as zeroes, and the block is data then.
 */
export function mayReserveCow(state: State, file: FileModel): void {
  if (file.hasCow) return;
  file.hasCow = true;
  for (const { from, to } of file.idle) makeChunks(state, file, from, to);
  file.forgetIdle();
  change(state, file, 0, Number.POSITIVE_INFINITY, underCow);
}

const underCow = changeTable(s => ((s & DIRTY) !== 0 ? s | DATA : s));

/** The bytes of the blocks came from a place whose bytes may have been lost. */
export function mayBeLostToo(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  makeChunks(state, file, offset, end);
  change(state, file, offset, end, lost);
  file.hasLost = true;
}

function makeChunks(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  for (let at = offset; at < end; at += state.pool.chunkBytes) chunkFor(state.pool, file, at);
  chunkFor(state.pool, file, end - 1);
}

const lost = changeTable(s => s | LOST);

/**
 * What was read from `offset` on; folio sizes and readahead decide how much else (permitted difference, invariants.md
 * section 9). With an `end`, only the folios that cover the range.
 */
export function mayCache(state: State, file: FileModel, offset: Bytes, end = Number.POSITIVE_INFINITY): void {
  const { maxFolioSize } = state.geometry;
  if (end === Number.POSITIVE_INFINITY) file.absent |= CACHED;
  change(state, file, roundDown(offset, maxFolioSize), roundUp(end, maxFolioSize), cached);
}

const cached = changeTable(s => s | CACHED);

/**
 * Where in [offset, end) a block passes the test that `table` stands for: `offset` itself, or the start of a later block;
 * −1 if nowhere. Gaps cost nothing, so a sparse file of any size is scanned at once.
 */
export function findBlock(state: State, file: FileModel, offset: Bytes, end: Bytes, table: Uint8Array): Bytes {
  let at = offset;
  for (let i = chunkIndex(file, offset); at < end; i++) {
    const chunk = file.chunks[i];
    const gapEnd = chunk === undefined ? end : Math.min(end, chunk.start);
    if (at < gapEnd) {
      const found = findAbsent(file, at, gapEnd, table);
      if (found >= 0) return found;
      at = gapEnd;
    }
    if (chunk === undefined || at >= end) return -1;
    const behind = Math.ceil((Math.min(end, chunk.end) - chunk.start) / state.block);
    for (let k = Math.floor((at - chunk.start) / state.block); k < behind; k++)
      if (table[chunk.state[k]!] !== 0) return Math.max(at, chunk.start + k * state.block);
    at = chunk.end;
  }
  return -1;
}

function findAbsent(file: FileModel, offset: Bytes, end: Bytes, table: Uint8Array): Bytes {
  for (const mark of [offset, file.spreadFrom, file.spreadTo])
    if (mark >= offset && mark < end && table[absentState(file, mark)] !== 0) return mark;
  return -1;
}

/** An observed map narrows the sets: of the block at `offset` only `seen` remains possible. */
export function narrow(state: State, file: FileModel, offset: Bytes, end: Bytes, seen: number): void {
  change(state, file, offset, end, narrowed[seen]!);
}

/** By the set of states that were seen. */
const narrowed = Array.from({ length: MAP_STATES + 1 }, (_, seen) =>
  changeTable(s => ((s & seen) !== 0 ? (s & ~(MAP_STATES | LIKELY_DATA)) | (s & seen) : s)),
);

/** What the blocks that [offset, end) touches were becomes what the table makes of it; where no chunk is, nothing changes. */
function change(state: State, file: FileModel, offset: Bytes, end: Bytes, table: Uint8Array): void {
  for (let i = chunkIndex(file, offset); i < file.chunks.length; i++) {
    const chunk = file.chunks[i]!;
    if (chunk.start >= end) return;
    const first = Math.max(0, Math.floor((offset - chunk.start) / state.block));
    const behind = Math.ceil((Math.min(end, chunk.end) - chunk.start) / state.block);
    for (let k = first; k < behind; k++) chunk.state[k] = table[chunk.state[k]!]!;
  }
}
