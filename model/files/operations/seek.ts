/**
 * seekData and seekHole: section 2 of dax-seek-report.md. Data is what is written or dirty; an unwritten block, or a hole
 * under copy-on-write space, may look like data while a clean page covers it (SEEK-04, SEEK-06). Realizes SEEK-01 …
 * SEEK-07, INV-37.
 */
import { type Answer, type Bytes, type Call, ENXIO, type Finding } from '../../contract/index.js';
import { finding } from '../judge/findings.js';
import { narrowSize } from '../judge/sizes.js';
import {
  Block,
  likelyData,
  likelyHole,
  mayBeSeekData,
  mayBeSeekDataCow,
  mayBeSeekHole,
  stateTable,
} from '../state/blocks.js';
import type { FileModel } from '../state/file.js';
import { findBlock, narrow } from '../state/map.js';
import type { State } from '../state/state.js';
import type { Expected, Operation } from './operation.js';

/** SEEK cannot pass over these as holes, or as data. */
const certainData = stateTable(s => mayBeSeekHole[s] === 0);
const certainHole = stateTable(s => mayBeSeekData[s] === 0);
const certainHoleCow = stateTable(s => mayBeSeekDataCow[s] === 0);

function possibleData(file: FileModel): Uint8Array {
  return file.hasCow ? mayBeSeekDataCow : mayBeSeekData;
}

/** The first position from `offset` on that the table allows, or −1. */
function next(state: State, file: FileModel, offset: Bytes, table: Uint8Array): Bytes {
  return findBlock(state, file, offset, file.size, table);
}

function outside(file: FileModel, call: Call, expected: Expected): boolean {
  if (call.offset >= 0 && call.offset < file.size) return false;
  expected.only(ENXIO);
  return true;
}

function expectData(state: State, call: Call, expected: Expected): Expected {
  const file = state.file(call.file);
  if (outside(file, call, expected)) return expected;
  const least = next(state, file, call.offset, possibleData(file));
  const most = next(state, file, call.offset, certainData);
  if (least < 0) return expected.only(ENXIO);
  expected.least = least;
  expected.most = most < 0 ? file.size - 1 : most;
  if (most < 0) expected.or(ENXIO);
  expected.count = least;
  return expected;
}

/** The likeliest position in the same set. */
function findData(state: State, call: Call, into: Answer): void {
  const likely = next(state, state.file(call.file), call.offset, likelyData);
  if (likely >= 0) into.count = likely;
}

function expectHole(state: State, call: Call, expected: Expected): Expected {
  const file = state.file(call.file);
  if (outside(file, call, expected)) return expected;
  const end = (at: Bytes): Bytes => (at < 0 ? file.size : at);
  expected.least = end(next(state, file, call.offset, mayBeSeekHole));
  expected.most = end(next(state, file, call.offset, file.hasCow ? certainHoleCow : certainHole));
  return expected;
}

function findHole(state: State, call: Call, into: Answer): void {
  const file = state.file(call.file);
  const likely = next(state, file, call.offset, likelyHole);
  into.count = likely < 0 ? file.size : likely;
}

/** The position must be one at which SEEK can stop: where it started, the start of a block, or the end (SEEK-07). */
function judgePosition(state: State, call: Call, answer: Answer, table: Uint8Array, kind: string): Finding | null {
  const at = answer.count;
  const file = state.file(call.file);
  if (at >= file.size && kind === 'hole') return null;
  const start = at === call.offset || at % state.block === 0;
  if (start && findBlock(state, file, at, at + 1, table) === at) return null;
  // Where the size is not certain, that is the end.
  if (kind === 'hole' && at >= file.sizeLeast) {
    if (!state.overlap.active) narrowSize(state, file, at);
    return null;
  }
  return finding('INV-37', call, at, 1, `SEEK found ${kind} at ${at} of file ${call.file}, where there can be none`);
}

/** What was passed over as a hole is not data. */
function narrowHoles(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  if (end > offset && !state.overlap.contended) narrow(state, file, offset, end, Block.HOLE | Block.UNWRITTEN);
}

export const seekData: Operation = {
  rule: 'INV-37',
  expect: expectData,
  judge: (state, call, answer) => judgePosition(state, call, answer, possibleData(state.file(call.file)), 'data'),
  fill: findData,
  steps: [(state, call, count) => narrowHoles(state, state.file(call.file), call.offset, count)],
  reports: true,
};

export const seekHole: Operation = {
  rule: 'INV-37',
  expect: expectHole,
  judge: (state, call, answer) => judgePosition(state, call, answer, mayBeSeekHole, 'hole'),
  fill: findHole,
  steps: [],
  reports: true,
};
