/**
 * How much of the device the files may use, at most. -ENOSPC is permitted only where the device could be full by this
 * bound; what cannot fit at all must be refused. The bound is generous on purpose: how much an implementation reserves
 * for index blocks and speculation is a permitted difference (invariants.md section 9), running out early by a factor is
 * not.
 */
import { Block, likeliest } from './blocks.js';
import type { FileModel } from './file.js';
import type { State } from './state.js';

/** Blocks of a file: those below its end that it has for certain, those it may have. */
export interface BlockCounts {
  readonly least: number;
  readonly most: number;
  /** Runs of equal states: an upper bound for the entries of an extent index. */
  readonly runs: number;
}

export function blocksOf(state: State, fileId: number): BlockCounts {
  const file = state.file(fileId);
  const end = state.blockUp(file.size);
  let least = 0;
  let most = 0;
  let runs = 0;
  let previous = Block.HOLE as number;
  for (const chunk of file.chunks) {
    for (let i = 0; i < chunk.state.length; i++) {
      const s = chunk.state[i]!;
      // Behind the end it is preallocation, which may be trimmed (FS-X11).
      if ((s & Block.HOLE) === 0 && chunk.start + i * state.block < end) least++;
      if ((s & (Block.UNWRITTEN | Block.DATA)) !== 0) most++;
      if (s !== previous) runs++;
      previous = s;
    }
  }
  return { least, most, runs };
}

/** Blocks that the file has if nothing happened that did not have to. */
export function likelyBlocks(file: FileModel): number {
  let count = 0;
  for (const chunk of file.chunks) for (const s of chunk.state) if (likeliest(s) !== Block.HOLE) count++;
  return count;
}

/** May an operation that wants `blocks` more find the device full? */
export function mayBeFull(state: State, blocks: number): boolean {
  let used = blocks;
  for (const file of state.files) {
    if (file.spreadFrom < file.spreadTo) return true;
    const { most, runs } = blocksOf(state, file.id);
    used += most + runs;
    // Copy-on-write space may be held around every block there is.
    if (file.owned > 0 || file.hasCow) used += most + 2 * state.options.cowExtentBlocks;
  }
  const { deviceBlocks } = state.geometry;
  // Superblocks, log, index roots and the worst case of index reservations.
  const overhead = 64 + Math.ceil(deviceBlocks / 8) + 2 * state.options.extentSizeHint;
  return 2 * used + overhead > deviceBlocks;
}

/** Blocks that cannot be there in any case. */
export function cannotFit(state: State, blocks: number): boolean {
  return blocks > state.geometry.deviceBlocks;
}
