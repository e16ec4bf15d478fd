/**
 * How much of the device the files may use, at most. -ENOSPC is permitted only where the device could be full by this
 * bound; what cannot fit at all must be refused. The bound is generous on purpose: how much an implementation reserves
 * for index blocks and speculation is a permitted difference (invariants.md section 9), running out early by a factor is
 * not.
 */
import { Block } from './blocks.js';
import type { State } from './state.js';

/** Blocks the files have for certain and may have at most, storage that is shared counted for each owner in `most`. */
export function blocksOf(state: State, fileId: number): { least: number; most: number; runs: number } {
  const file = state.file(fileId);
  let least = 0;
  let most = 0;
  let runs = 0;
  let previous = Block.HOLE as number;
  for (const chunk of file.chunks) {
    for (const s of chunk.state) {
      if ((s & Block.HOLE) === 0) least++;
      if ((s & (Block.UNWRITTEN | Block.DATA)) !== 0) most++;
      if (s !== previous) runs++;
      previous = s;
    }
  }
  return { least, most, runs };
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
