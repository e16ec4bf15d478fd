/** What an application sees of an answer, in the words of a trace: contents as digests, extents joined. */
import { createHash } from 'node:crypto';
import { Answer, type Bytes, type Call, type ReportedExtent } from '../../model/contract/index.js';
import type { LayoutPiece } from '../../model/files/index.js';
import type { RecordedAnswer, Runs } from '../../traces/format/index.js';

/** Operations whose `count` is a number of bytes. */
const TRANSFERS: ReadonlySet<string> = new Set(['read', 'write', 'dread', 'dwrite', 'mapread', 'mapwrite', 'copy']);
const READS: ReadonlySet<string> = new Set(['read', 'dread', 'mapread']);

/** The answer with the fields that `wanted` has, or with all that cost nothing if that is null. */
export function observe(call: Call, answer: Answer, wanted: RecordedAnswer | null): RecordedAnswer {
  if (answer.error !== 0) return { errno: answer.error };
  if (READS.has(call.name)) {
    const bytes = answer.bytes.subarray(0, answer.count);
    return {
      length: answer.count,
      ...(wanted?.sha256 === undefined ? {} : { sha256: digest(bytes) }),
      ...(wanted?.runs === undefined ? {} : { runs: runsOf(bytes) }),
    };
  }
  if (TRANSFERS.has(call.name)) return { length: answer.count };
  switch (call.name) {
    case 'seekData':
    case 'seekHole':
      return { offset: answer.count };
    case 'stat':
      return { size: answer.size, blocks512: answer.blocks512 };
    case 'fiemap':
      return { extents: joinExtents(answer.extents) };
    case 'dedupe':
      return { status: answer.differs ? 'differs' : 'same', bytes: answer.count };
    default:
      return {};
  }
}

/**
 * The same answer with zeroes from `size` on, which a load through a mapping may see there in place of what was stored
 * behind the end (INV-27). Null where there is no such place.
 */
export function observeZeroTail(
  call: Call,
  answer: Answer,
  wanted: RecordedAnswer,
  size: Bytes,
): RecordedAnswer | null {
  const below = Math.max(0, size - call.offset);
  if (call.name !== 'mapread' || answer.error !== 0 || answer.count <= below) return null;
  const zeroed = new Answer();
  zeroed.count = answer.count;
  zeroed.bytes = answer.bytes.slice(0, answer.count).fill(0, below);
  return observe(call, zeroed, wanted);
}

/** The same of a recording, where it tells its bytes: after a crash it may show there what the device held (PC-21). */
export function zeroTailOf(call: Call, recorded: RecordedAnswer, size: Bytes): RecordedAnswer {
  if (recorded.runs === undefined) return recorded;
  const bytes = bytesOf(recorded.runs).fill(0, Math.max(0, size - call.offset));
  return {
    ...recorded,
    runs: runsOf(bytes),
    ...(recorded.sha256 === undefined ? {} : { sha256: digest(bytes) }),
  };
}

export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Runs of equal bytes. */
function runsOf(bytes: Uint8Array): Runs {
  const runs: [number, number][] = [];
  for (let at = 0; at < bytes.length; ) {
    const value = bytes[at]!;
    let end = at + 1;
    while (end < bytes.length && bytes[end] === value) end++;
    runs.push([value, end - at]);
    at = end;
  }
  return runs;
}

/** The bytes that runs stand for. */
export function bytesOf(runs: Runs): Uint8Array {
  const bytes = new Uint8Array(runs.reduce((sum, [, count]) => sum + count, 0));
  let at = 0;
  for (const [value, count] of runs) {
    bytes.fill(value, at, at + count);
    at += count;
  }
  return bytes;
}

/** Neighbours of one type and sharing joined: where a file system breaks an extent is its own business. */
export function joinExtents(extents: readonly ReportedExtent[]): LayoutPiece[] {
  const joined: { offset: number; length: number; type: LayoutPiece['type']; shared: boolean }[] = [];
  for (const extent of extents) {
    const type = extent.delalloc ? 'delalloc' : extent.unwritten ? 'unwritten' : 'data';
    const last = joined.at(-1);
    if (
      last !== undefined &&
      last.offset + last.length === extent.logical &&
      last.type === type &&
      last.shared === extent.shared
    )
      last.length += extent.length;
    else joined.push({ offset: extent.logical, length: extent.length, type, shared: extent.shared });
  }
  return joined;
}

/** Recorded extents as FIEMAP reports them. */
export function reportedExtents(pieces: readonly LayoutPiece[]): ReportedExtent[] {
  return pieces.map(({ offset, length, type, shared }, index) => ({
    logical: offset,
    physical: 0,
    length,
    unwritten: type === 'unwritten',
    delalloc: type === 'delalloc',
    shared,
    inline: false,
    last: index === pieces.length - 1,
  }));
}
