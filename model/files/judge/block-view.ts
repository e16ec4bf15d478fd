/**
 * What the model knows of one block, for those who hold single mappings against it (harness/validate): the states the
 * map may show, and whether the storage is shared. Reads only; a question that the judges of whole answers (layout.ts,
 * seek-map.ts) cannot be asked, because a mapping is part of no answer.
 */
import type { Bytes, FileId } from '../../contract/index.js';
import { Block } from '../state/blocks.js';
import { chunkIndex } from '../state/bytes.js';
import { blockState } from '../state/map.js';
import type { State } from '../state/state.js';

/** The set of states of one block, and what is open about it. */
export interface BlockView {
  readonly hole: boolean;
  readonly unwritten: boolean;
  readonly data: boolean;
  /** It may be data that is not on the device yet, so the map may show delayed or unwritten space (WB-50). */
  readonly waiting: boolean;
  /** Another block may, or does for certain, use the same storage (INV-14). */
  readonly mayBeShared: boolean;
  readonly mustBeShared: boolean;
}

/** The block that holds `offset`. */
export function viewBlock(state: State, id: FileId, offset: Bytes): BlockView {
  const file = state.file(id);
  const s = blockState(state, file, offset);
  const chunk = file.chunks[chunkIndex(file, offset)];
  const isHere = chunk !== undefined && chunk.start <= offset;
  const owner = isHere ? (chunk.owners?.[Math.floor((offset - chunk.start) / state.block)] ?? 0) : 0;
  const storage = Math.abs(owner);
  return {
    hole: (s & Block.HOLE) !== 0,
    unwritten: (s & Block.UNWRITTEN) !== 0,
    data: (s & Block.DATA) !== 0,
    waiting: (s & Block.DATA) !== 0 && (s & Block.DIRTY) !== 0,
    mayBeShared: state.shared.mayBeShared(storage),
    mustBeShared: (s & Block.UNSURE) === 0 && state.shared.mustBeShared(storage),
  };
}
