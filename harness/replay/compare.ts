/**
 * Does an answer agree with the recorded one? Errno, counts, contents and sizes must be equal. What
 * section 9 of invariants.md lets vary is left to the oracle, which has judged the answer and, following the recording,
 * the recorded one too: preallocation and sharing, so extents and `blocks512`, and whether a direct read meets delayed
 * blocks behind the end; the size of folios, of which a mapped store dirties a whole one, so which blocks are data; clean
 * cached data, so where SEEK finds some.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  type Answer,
  type Bytes,
  type Call,
  EIO,
  ENXIO,
  type Errno,
  errnoName,
  type OperationName,
} from '../../model/contract/index.js';
import type { LayoutPiece, SeekPiece } from '../../model/files/index.js';
import type { RecordedAnswer } from '../../traces/format/index.js';
import { observeZeroTail, zeroTailOf } from './observe.js';

type Field = keyof RecordedAnswer;

const show: Readonly<Partial<Record<Field, (answer: RecordedAnswer) => string>>> = {
  errno: answer => (answer.errno === undefined ? 'success' : errnoName(answer.errno)),
  extents: answer => extentsText(answer.extents ?? []),
};

/** How a field is compared; absent: deeply equal. */
const agree: Readonly<Partial<Record<Field, (recorded: RecordedAnswer, got: RecordedAnswer) => boolean>>> = {
  blocks512: () => true,
};

/** Calls that say where data lies. */
export const LAYOUT: ReadonlySet<OperationName> = new Set(['seekData', 'seekHole', 'fiemap']);

/** What does not agree, in words, or null. */
export function disagreement({ name }: Call, recorded: RecordedAnswer, got: RecordedAnswer): string | null {
  if (LAYOUT.has(name)) return layoutDisagrees(name, recorded.errno, got.errno);
  const fields: Field[] =
    recorded.errno === undefined && got.errno === undefined ? (Object.keys(recorded) as Field[]) : ['errno'];
  const wrong = fields.filter(
    field => !(agree[field]?.(recorded, got) ?? isDeepStrictEqual(recorded[field], got[field])),
  );
  if (wrong.length === 0) return null;
  // The digest says nothing that the runs do not say better.
  const told = wrong.length > 1 ? wrong.filter(field => field !== 'sha256') : wrong;
  return told.map(field => `${field} ${text(field, got)}, recorded ${text(field, recorded)}`).join('; ');
}

/** That SEEK finds no data is one of its answers. */
function layoutDisagrees(name: OperationName, recorded: Errno = 0, got: Errno = 0): string | null {
  const failure = (errno: Errno): Errno => (errno === ENXIO && name === 'seekData' ? 0 : errno);
  return failure(recorded) === failure(got) ? null : `errno ${errnoName(got)}, recorded ${errnoName(recorded)}`;
}

/** The same for an answer that may have contents, in a file of this size. What a failed call left open is not compared. */
export function contentsDisagree(
  call: Call,
  answer: Answer,
  recorded: RecordedAnswer,
  got: RecordedAnswer,
  { size, steady }: { readonly size: Bytes; readonly steady: boolean },
): string | null {
  // Preallocation behind the end may still be delayed, which a direct read does not get over (MAP-09).
  const wentBehind = call.name === 'dread' && call.offset + call.length > size;
  if (wentBehind && recorded.errno === EIO && got.errno === undefined) return null;
  const { sha256, runs, ...others } = recorded;
  const told = steady ? recorded : others;
  const difference = disagreement(call, told, got);
  if (difference === null) return null;
  const zeroed = observeZeroTail(call, answer, told, size);
  return zeroed !== null && disagreement(call, zeroTailOf(call, told, size), zeroed) === null ? null : difference;
}

function text(field: Field, answer: RecordedAnswer): string {
  const known = show[field];
  if (known !== undefined) return known(answer);
  const value = JSON.stringify(answer[field] ?? null);
  return value.length > 100 ? `${value.slice(0, 97)}...` : value;
}

/** `data 0+4096, unwritten 8192+4096 shared`. */
export function extentsText(extents: readonly LayoutPiece[]): string {
  if (extents.length === 0) return 'none';
  return extents
    .map(piece => `${piece.type} ${piece.offset}+${piece.length}${piece.shared ? ' shared' : ''}`)
    .join(', ');
}

/** `hole 0+4096, data 4096+100`. */
export function mapText(map: readonly SeekPiece[]): string {
  return map.length === 0 ? 'none' : map.map(piece => `${piece.type} ${piece.offset}+${piece.length}`).join(', ');
}
