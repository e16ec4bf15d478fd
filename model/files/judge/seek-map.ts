/**
 * Whole seek maps: the data and hole ranges that alternating SEEKs give (INV-37), as the model would answer them, and
 * whether a recorded one is permitted.
 */
import type { Call, FileId, Finding } from '../../contract/index.js';
import type { SeekPiece } from '../oracle.js';
import {
  likelyData,
  likelyHole,
  mayBeColdData,
  mayBeSeekData,
  mayBeSeekDataCow,
  mayBeSeekHole,
  stateTable,
} from '../state/blocks.js';
import { findBlock } from '../state/map.js';
import type { State } from '../state/state.js';
import { finding } from './findings.js';

const neverData = stateTable(s => mayBeSeekData[s] === 0);
const neverColdData = stateTable(s => mayBeColdData[s] === 0);
const neverHole = stateTable(s => mayBeSeekHole[s] === 0);
const neverDataCow = stateTable(s => mayBeSeekDataCow[s] === 0);

/** Pieces from 0 to the size; with `cached`, whatever may be cached counts as data. */
export function seekMap(state: State, id: FileId, cached: boolean): SeekPiece[] {
  const file = state.file(id);
  const seen = file.hasCow ? { data: mayBeSeekDataCow, hole: neverDataCow } : { data: mayBeSeekData, hole: neverData };
  const { data, hole } = cached ? seen : { data: likelyData, hole: likelyHole };
  const pieces: SeekPiece[] = [];
  for (let at = 0, type: SeekPiece['type'] = 'data'; at < file.size; type = type === 'data' ? 'hole' : 'data') {
    const found = findBlock(state, file, at, file.size, type === 'data' ? hole : data);
    const end = found < 0 ? file.size : found;
    if (end > at) pieces.push({ type, offset: at, length: end - at });
    at = end;
  }
  return pieces;
}

export function judgeMap(state: State, call: Call, map: readonly SeekPiece[], cold: boolean): Finding | null {
  const file = state.file(call.file);
  let at = 0;
  for (const { type, offset, length } of map) {
    const end = offset + length;
    if (offset !== at || length <= 0 || end > file.size || (end !== file.size && end % state.block !== 0))
      return finding(
        'INV-37',
        call,
        offset,
        length,
        `the seek map is not made of pieces up to ${file.size}: ${type} at ${offset}`,
      );
    const never = type === 'hole' ? neverHole : cold ? neverColdData : file.hasCow ? neverDataCow : neverData;
    const bad = findBlock(state, file, offset, end, never);
    if (bad >= 0) return finding('INV-37', call, bad, 1, `byte ${bad} of file ${call.file} cannot be in a ${type}`);
    at = end;
  }
  if (at !== file.size)
    return finding('INV-37', call, at, file.size - at, `the seek map ends at ${at}, the file at ${file.size}`);
  return null;
}
