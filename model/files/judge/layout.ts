/**
 * Extents: what the model would report, and whether reported ones are permitted. They are judged block by block, so that
 * cutting and joining does not matter; behind the end preallocation may be there or not (FS-X11). Realizes FM-03 … FM-07,
 * INV-38, and the sharing of INV-14.
 */
import type { Bytes, Call, FileId, Finding, ReportedExtent } from '../../contract/index.js';
import type { LayoutPiece } from '../oracle.js';
import { Block, likeliest, MAP_STATES, stateTable } from '../state/blocks.js';
import type { Chunk } from '../state/chunk.js';
import type { FileModel } from '../state/file.js';
import { findBlock, narrow } from '../state/map.js';
import type { State } from '../state/state.js';
import { finding } from './findings.js';

const { HOLE, UNWRITTEN, DATA, DIRTY, UNSURE, LOST } = Block;
const pending = (s: number): boolean => (s & DATA) !== 0 && (s & DIRTY) !== 0;

/** States that a piece of each kind cannot have. What is not written back may still show the old map. */
const impossible = {
  data: stateTable(s => (s & DATA) === 0),
  unwritten: stateTable(s => (s & UNWRITTEN) === 0 && !pending(s)),
  delalloc: stateTable(s => !pending(s) && (s & (HOLE | UNWRITTEN)) !== (HOLE | UNWRITTEN)),
  hole: stateTable(s => (s & HOLE) === 0),
} as const;
/** In a file with copy-on-write space data may wait there, over a hole of the data fork. */
const impossibleHoleCow = stateTable(s => (s & HOLE) === 0 && !pending(s));
type Kind = keyof typeof impossible;
const stored = stateTable(s => (s & MAP_STATES) !== 0 && likeliest(s) !== HOLE);

interface Piece {
  readonly offset: Bytes;
  readonly length: Bytes;
  readonly kind: Kind;
  readonly shared: boolean;
}

/** Judges a FIEMAP answer for the call's range. */
export function judgeExtents(state: State, call: Call, extents: readonly ReportedExtent[]): Finding | null {
  const end = call.offset + call.length;
  for (const [i, extent] of extents.entries()) {
    // FM-03: emission lags by one, the final one carries LAST.
    if (extent.last !== (i === extents.length - 1))
      return finding('FM-03', call, extent.logical, extent.length, `extent ${i} of ${extents.length}: LAST is wrong`);
    if (extent.logical >= end || extent.logical + extent.length <= call.offset)
      return finding('FM-04', call, extent.logical, extent.length, `extent ${i} lies outside the asked range`);
  }
  return judgePieces(state, call, extents.map(toPiece), call.offset, end);
}

function toPiece(extent: ReportedExtent): Piece {
  const kind = extent.delalloc ? 'delalloc' : extent.unwritten ? 'unwritten' : 'data';
  return { offset: extent.logical, length: extent.length, kind, shared: extent.shared };
}

/** Judges the layout of a whole file with everything written back. */
export function judgeWhole(state: State, call: Call, extents: readonly LayoutPiece[]): Finding | null {
  const pieces = extents.map(e => ({ offset: e.offset, length: e.length, kind: e.type, shared: e.shared }));
  return judgePieces(state, call, pieces, 0, Number.POSITIVE_INFINITY);
}

function judgePieces(state: State, call: Call, pieces: readonly Piece[], from: Bytes, to: Bytes): Finding | null {
  const file = state.file(call.file);
  let at = from;
  for (const piece of pieces) {
    const end = piece.offset + piece.length;
    if (piece.length <= 0 || piece.offset % state.block !== 0 || end % state.block !== 0)
      return finding(
        'INV-15',
        call,
        piece.offset,
        piece.length,
        `extent [${piece.offset}, ${end}) is not made of blocks`,
      );
    if (at > from && piece.offset < at)
      return finding(
        'FM-06',
        call,
        piece.offset,
        piece.length,
        `extent at ${piece.offset} begins before the last ended`,
      );
    const wrong =
      judgeRun(state, call, at, Math.max(at, piece.offset), 'hole') ??
      judgeRun(state, call, piece.offset, end, piece.kind) ??
      judgeSharing(state, file, call, piece);
    if (wrong !== null) return wrong;
    at = end;
  }
  return judgeRun(state, call, at, Math.max(at, to), 'hole');
}

function judgeRun(state: State, call: Call, from: Bytes, to: Bytes, kind: Kind): Finding | null {
  const file = state.file(call.file);
  // Preallocation behind the end may be gone at any time (FS-X11).
  const end = kind === 'hole' ? Math.min(to, state.blockUp(file.size)) : to;
  if (from >= end) return null;
  const table = kind === 'hole' && file.hasCow ? impossibleHoleCow : impossible[kind];
  const bad = findBlock(state, file, from, end, table);
  if (bad < 0) return null;
  const text = `block at ${bad} of file ${call.file} is reported as ${kind}; expected ${possible(state, file, bad)}`;
  return finding('INV-38', call, bad, state.block, text);
}

function possible(state: State, file: FileModel, offset: Bytes): string {
  const kinds = (['hole', 'unwritten', 'data'] as const).filter(
    (_, bit) => findBlock(state, file, offset, offset + 1, only[bit]!) >= 0,
  );
  return kinds.join(' or ');
}
const only = [HOLE, UNWRITTEN, DATA].map(bit => stateTable(s => (s & bit) !== 0));

/** SHARED exactly where storage has another owner (INV-38); unknown where the model is not sure, or data waits. */
function judgeSharing(state: State, file: FileModel, call: Call, piece: Piece): Finding | null {
  if (piece.kind !== 'data') return null;
  if (file.owned === 0 && !file.hasCow && !piece.shared) return null;
  for (const [chunk, index, at] of blocks(state, file, piece.offset, piece.offset + piece.length)) {
    const storage = Math.abs(chunk.owners?.[index] ?? 0);
    const s = chunk.state[index]!;
    if ((pending(s) && file.hasCow) || (s & LOST) !== 0) continue;
    const may = state.shared.mayBeShared(storage);
    const must = (s & UNSURE) === 0 && state.shared.mustBeShared(storage);
    if (piece.shared ? may : !must) continue;
    const text = `block at ${at} of file ${call.file} is reported as ${piece.shared ? '' : 'not '}shared, and it is${piece.shared ? ' not' : ''}`;
    return finding('INV-38', call, at, state.block, text);
  }
  return null;
}

function* blocks(state: State, file: FileModel, from: Bytes, to: Bytes): Generator<[Chunk, number, Bytes]> {
  for (const chunk of file.chunks) {
    if (chunk.end <= from || chunk.start >= to) continue;
    const end = Math.min(to, chunk.end);
    for (let at = Math.max(from, chunk.start); at < end; at += state.block)
      yield [chunk, (at - chunk.start) / state.block, at];
  }
}

/** An extent list with everything written back leaves nothing open about the blocks it covers (INV-38). */
export function narrowToExtents(
  state: State,
  id: FileId,
  from: Bytes,
  to: Bytes,
  extents: readonly ReportedExtent[],
): void {
  const file = state.file(id);
  const start = state.blockDown(from);
  // What lies behind the end, or the nearer of two, can still be trimmed, and the last block may be cut by the asked range.
  const end = Math.min(state.blockDown(to), state.blockUp(file.sizeLeast));
  let at = start;
  for (const extent of extents) {
    narrow(state, file, at, Math.min(end, extent.logical), HOLE);
    const kind = extent.unwritten ? UNWRITTEN : DATA;
    narrow(state, file, Math.max(start, extent.logical), Math.min(end, extent.logical + extent.length), kind);
    at = Math.max(at, extent.logical + extent.length);
  }
  narrow(state, file, at, end, HOLE);
}

/** The model's own extents of the blocks that touch [from, to), neighbours of a kind joined. */
export function likelyPieces(state: State, id: FileId, from: Bytes, to: Bytes): LayoutPiece[] {
  const file = state.file(id);
  const pieces: LayoutPiece[] = [];
  for (const [chunk, index, at] of blocks(state, file, state.blockDown(from), to)) {
    const s = chunk.state[index]!;
    if (stored[s] === 0) continue;
    const type = likeliest(s) === DATA ? 'data' : 'unwritten';
    const owner = chunk.owners?.[index] ?? 0;
    const shared = type === 'data' && owner > 0 && state.shared.mustBeShared(owner);
    const last = pieces.at(-1);
    if (last !== undefined && last.offset + last.length === at && last.type === type && last.shared === shared)
      pieces[pieces.length - 1] = { ...last, length: last.length + state.block };
    else pieces.push({ offset: at, length: state.block, type, shared });
  }
  return pieces;
}

/** The same as FIEMAP reports it. */
export function likelyExtents(state: State, id: FileId, from: Bytes, to: Bytes): ReportedExtent[] {
  const pieces = likelyPieces(state, id, from, to);
  return pieces.map((piece, i) => ({
    logical: piece.offset,
    physical: 0,
    length: piece.length,
    unwritten: piece.type === 'unwritten',
    delalloc: false,
    shared: piece.shared,
    inline: false,
    last: i === pieces.length - 1,
  }));
}
