/**
 * unshare: the blocks of the range get storage of their own, then its holes are preallocated and the file grows, as falloc
 * does. Realizes FS-X12, PC-80, INV-34.
 */
import { type Call, ENOSPC } from '../../contract/index.js';
import { Block, stateTable } from '../state/blocks.js';
import { becomeData, findBlock, mayLeaveShared, mayReserveCow, settle } from '../state/map.js';
import { cannotFit } from '../state/space.js';
import type { State } from '../state/state.js';
import { mayReserveCopies } from './failures.js';
import { allocatedInPart, allocateRange, growSize } from './falloc.js';
import type { Operation } from './operation.js';
import { goodRange } from './ranges.js';

const mayBeData = stateTable(s => (s & Block.DATA) !== 0);

/** Every shared block below the end is rewritten in new storage, and written back. */
function breakSharing(state: State, call: Call): void {
  const file = state.file(call.file);
  const end = Math.min(call.offset + call.length, file.size);
  let rewritten = false;
  if (file.owned > 0) {
    for (let at = call.offset; at < end; at = state.blockDown(at) + state.block) {
      at = findBlock(state, file, at, end, mayBeData);
      if (at < 0) break;
      if (rewriteShared(state, call, at)) rewritten = true;
    }
  }
  // A file that shares nothing is not looked at, and not written back.
  if (rewritten) settle(state, file, call.offset, end);
}

/** True if the block was shared for certain. */
function rewriteShared(state: State, call: Call, at: number): boolean {
  const file = state.file(call.file);
  const chunk = file.chunks.find(c => c.start <= at && at < c.end)!;
  const index = Math.floor((at - chunk.start) / state.block);
  const storage = chunk.owners?.[index] ?? 0;
  if (!state.shared.mayBeShared(storage)) return false;
  const s = chunk.state[index]!;
  const certainly = (s & Block.UNSURE) === 0 && state.shared.mustBeShared(storage);
  if ((s & (Block.HOLE | Block.UNWRITTEN)) === 0) becomeData(state, file, at, at + 1);
  else {
    mayReserveCow(state, file);
    state.shared.release(file, chunk, index);
  }
  return certainly;
}

export const unshare: Operation = {
  changes: 'growth',
  rule: 'FS-X12',
  expect(state, call, expected) {
    if (!goodRange(call, expected)) return expected;
    if (cannotFit(state, Math.ceil(call.length / state.block))) expected.only(ENOSPC);
    return expected;
  },
  steps: [breakSharing, allocateRange, growSize],
  broken(state, call, error) {
    const file = state.file(call.file);
    mayReserveCopies(state, file, call.offset, call.offset + call.length);
    mayLeaveShared(state, file, call.offset, call.offset + call.length);
    allocatedInPart(state, call, error);
  },
  blocks: (state, call) => Math.ceil(call.length / state.block) + 2,
  flushes: true,
};
