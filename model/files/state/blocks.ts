/**
 * What the model knows about one block of a file, in one byte. The first three bits are the *set* of states the block can
 * have once everything is written back: exactly one bit when the model is certain, several where correct implementations
 * differ (invariants.md section 9). The other bits say what may be, never what must be.
 */
export const Block = {
  /** No storage. */
  HOLE: 1 << 0,
  /** Allocated, not initialised: reads as zero. */
  UNWRITTEN: 1 << 1,
  /** Written, or dirty in the cache, which writeback will make written (SEEK-03). */
  DATA: 1 << 2,
  /** A clean uptodate folio may cover it, which SEEK may report as data (SEEK-04, SEEK-06). */
  CACHED: 1 << 3,
  /** Stores may not have been written back yet, so the map may still show what was there before them. */
  DIRTY: 1 << 4,
  /** Whether it still shares its storage is not known (a larger folio may have been dirtied, a fault happened). */
  UNSURE: 1 << 5,
  /** A failed writeback may have lost its bytes: any version of them may show (WB-73, PC-95). */
  LOST: 1 << 6,
  /** If it may be data among other states, it is so in the uneventful run. */
  LIKELY_DATA: 1 << 7,
} as const;

/** The bits that are the set of map states. */
export const MAP_STATES: number = Block.HOLE | Block.UNWRITTEN | Block.DATA;

/** The likeliest state of a set: nothing happened that did not have to. */
export function likeliest(state: number): number {
  if ((state & Block.LIKELY_DATA) !== 0) return Block.DATA;
  if ((state & Block.HOLE) !== 0) return Block.HOLE;
  return (state & Block.UNWRITTEN) !== 0 ? Block.UNWRITTEN : Block.DATA;
}

/** A table over states, for scans: 1 where the test holds. */
export function stateTable(test: (state: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, state) => (test(state) ? 1 : 0));
}

/** What a change makes of each state. */
export function changeTable(change: (state: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, state) => change(state));
}

/** SEEK may call the block data: it is, or a clean page over unwritten storage makes it look so (SEEK-03, SEEK-04). */
export const mayBeSeekData: Uint8Array = stateTable(
  s => (s & Block.DATA) !== 0 || ((s & Block.CACHED) !== 0 && (s & Block.UNWRITTEN) !== 0),
);
/** The same in a file that may hold copy-on-write space: a clean page over a hole does it too (SEEK-06). */
export const mayBeSeekDataCow: Uint8Array = stateTable(s => (s & (Block.DATA | Block.CACHED)) !== 0);
/** SEEK may call the block a hole. */
export const mayBeSeekHole: Uint8Array = stateTable(s => (s & (Block.HOLE | Block.UNWRITTEN)) !== 0);
/** The same with nothing cached. */
export const mayBeColdData: Uint8Array = stateTable(s => (s & Block.DATA) !== 0);
/** The likeliest answers. */
export const likelyData: Uint8Array = stateTable(s => (s & MAP_STATES) !== 0 && likeliest(s) === Block.DATA);
export const likelyHole: Uint8Array = stateTable(s => (s & MAP_STATES) !== 0 && likeliest(s) !== Block.DATA);

/** A block that may be cached and dirty to no purpose: with storage its zeroes become data (`mayBeIdlyDirty`). */
export const idlyDirty: Uint8Array = changeTable(
  s => s | Block.CACHED | Block.DIRTY | ((s & Block.UNWRITTEN) !== 0 ? Block.DATA : 0),
);
