/**
 * Known gaps of the reference that a recording of a real kernel may show (docs/known-gaps.md). They are not permitted, and
 * no target of ours may have them; in a recording they are told as what they are.
 */
import { type Bytes, type FileId, type Finding, roundUp } from '../../model/contract/index.js';
import { contentsOf, type ReferenceModel, type SeekPiece, type Window } from '../../model/files/index.js';

/**
 * SEEK-DATA-END: `at` ends an unwritten extent, or what SEEK is shown as one (SEEK-06); what begins there may be no data
 * either; and the folio may have uptodate blocks further on.
 */
export function isSeekDataEnd(model: ReferenceModel, file: FileId, at: Bytes): boolean {
  const { blockSize, maxFolioSize } = model.geometry;
  const end = Math.min(model.size(file), (Math.floor(at / maxFolioSize) + 1) * maxFolioSize);
  if (at === 0 || at % blockSize !== 0 || at % maxFolioSize === 0) return false;
  const before = model.block(file, at - blockSize);
  const next = model.block(file, at);
  if (!before.unwritten && !(before.hole && model.hasCopyOnWrite(file))) return false;
  if (!next.hole && !next.unwritten) return false;
  for (let behind = at + blockSize; behind < end; behind += blockSize) {
    const { data, unwritten } = model.block(file, behind);
    if (data || unwritten) return true;
  }
  return false;
}

/** The map without the empty pieces of data that the gap makes, and where they were. */
export function withoutSeekDataEnds(
  model: ReferenceModel,
  file: FileId,
  map: readonly SeekPiece[],
): { readonly map: readonly SeekPiece[]; readonly gaps: readonly Bytes[] } {
  const pieces: SeekPiece[] = [];
  const gaps: Bytes[] = [];
  for (const piece of map) {
    if (piece.type === 'data' && piece.length === 0 && isSeekDataEnd(model, file, piece.offset)) {
      gaps.push(piece.offset);
      continue;
    }
    const last = pieces.at(-1);
    if (last?.type === piece.type) pieces[pieces.length - 1] = { ...last, length: last.length + piece.length };
    else pieces.push(piece);
  }
  return gaps.length === 0 ? { map, gaps } : { map: pieces, gaps };
}

/**
 * what the finding tells of was cut off by a truncate into its block, which is its `by`, and a later growth came back
 * before the zeroes of that tail. `to` is the end of the tail. Null: it is something else.
 */
export function oldTail(
  { files }: Window,
  { file, offset }: Finding,
  seen: Uint8Array,
  blockSize: Bytes,
): { readonly by: string; readonly to: Bytes } | null {
  const { line, base, last } = files[file]!;
  const value = seen[offset];
  if (value === undefined || value === 0) return null;
  const window = line.moments.slice(base, last + 1);
  for (let i = window.length - 1; i > 0; i--) {
    const { cutAt, name, call } = window[i]!;
    const to = roundUp(cutAt, blockSize);
    if (cutAt < 0 || offset < cutAt || offset >= to) continue;
    const held = window.slice(0, i).some(moment => contentsOf(moment, offset + 1)[offset] === value);
    const grew = window.slice(i + 1).some(moment => moment.size > offset);
    if (held && grew) return { by: `${name} #${call}`, to };
  }
  return null;
}
