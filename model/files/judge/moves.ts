/**
 * Stores that overlap a call which moves bytes: collapse and insert (FS-X13), and whatever copies or shares a range
 * (INV-30). Made before it, their bytes were moved too; made after it, they lie where the call put them. Where nobody
 * knows which, both places may show both values.
 */
import type { Answer, Bytes, Call, FileId } from '../../contract/index.js';

/** The bytes [from, end) of one file were put at `distance` from there, in the same file or another. */
export interface Move {
  readonly source: FileId;
  readonly from: Bytes;
  readonly end: Bytes;
  readonly target: FileId;
  readonly distance: number;
  /** They are at both places afterwards, and whole blocks may be shared. */
  readonly copies: boolean;
}

export interface MovedRange {
  readonly file: FileId;
  readonly from: Bytes;
  readonly end: Bytes;
}

export interface Place {
  readonly file: FileId;
  readonly offset: Bytes;
}

/** What the call moves, or null. */
export function moveOf({ name, file, offset, length, fromFile, fromOffset }: Call): Move | null {
  const behind = { source: file, end: Number.POSITIVE_INFINITY, target: file, copies: false };
  if (name === 'collapse') return { ...behind, from: offset + length, distance: -length };
  if (name === 'insert') return { ...behind, from: offset, distance: length };
  if (name !== 'copy' && name !== 'reflink') return null;
  const end = fromOffset + length;
  return { source: fromFile, from: fromOffset, end, target: file, distance: offset - fromOffset, copies: true };
}

/** What a dedupe shared, bytes that were equal: nothing moved, or null. */
export function shareOf(
  { name, file, offset, length, fromFile, fromOffset }: Call,
  { differs, count }: Answer,
): Move | null {
  if (name !== 'dedupe' || differs || count === 0) return null;
  const distance = offset - fromOffset;
  return { source: fromFile, from: fromOffset, end: fromOffset + length, target: file, distance, copies: true };
}

/** Both ranges of the move. */
export function rangesOf({ source, from, end, target, distance }: Move): readonly MovedRange[] {
  return [
    { file: source, from, end },
    { file: target, from: from + distance, end: end + distance },
  ];
}

/** Where else the byte stored there may be, if any of the moves, in their order, came after the store. */
export function laterPlaces(file: FileId, offset: Bytes, moves: readonly Move[]): Place[] {
  const places: Place[] = [{ file, offset }];
  for (const { source, from, end, target, distance } of moves)
    for (const place of [...places])
      if (place.file === source && place.offset >= from && place.offset < end)
        places.push({ file: target, offset: place.offset + distance });
  return places.slice(1);
}

/** Bytes that may be at [from, end) of a file now, and were `index` bytes behind the beginning of theirs. */
interface LaterRange extends MovedRange {
  readonly index: number;
}

/** The same for the bytes of a range. */
export function laterRanges(file: FileId, from: Bytes, end: Bytes, moves: readonly Move[]): LaterRange[] {
  const ranges: LaterRange[] = [{ file, from, end, index: 0 }];
  for (const move of moves)
    for (const range of [...ranges]) {
      const first = Math.max(range.from, move.from);
      const behind = Math.min(range.end, move.end);
      if (range.file !== move.source || first >= behind) continue;
      const index = range.index + (first - range.from);
      ranges.push({ file: move.target, from: first + move.distance, end: behind + move.distance, index });
    }
  return ranges.slice(1);
}

/** Where the byte that is there now may have been stored, if any of the moves came after the store. */
export function formerPlaces(file: FileId, offset: Bytes, moves: readonly Move[]): Place[] {
  const places: Place[] = [{ file, offset }];
  for (const { source, from, end, target, distance } of [...moves].reverse())
    for (const place of [...places]) {
      const before = place.offset - distance;
      if (place.file === target && before >= from && before < end) places.push({ file: source, offset: before });
    }
  return places.slice(1);
}
