/**
 * What a file held after one change: its size, bytes and block states at that moment, and what kind of change it was. A
 * crash may bring back any of several moments, so they are kept whole; chunks that a change did not touch are the ones
 * of the moment before. Only made while crashes are recorded.
 */
import type { Bytes, CallId, OperationName } from '../../contract/index.js';
import { Block, MAP_STATES } from '../state/blocks.js';
import type { FileModel } from '../state/file.js';
import type { State } from '../state/state.js';

/** What is cached, or dirty in the cache, a crash forgets; so it makes no moment differ from the one before. */
const SEEN_BY_CRASHES = MAP_STATES | Block.LOST;

/** A chunk as it was. */
export interface Kept {
  readonly start: Bytes;
  readonly end: Bytes;
  /** null: all zero. */
  readonly bytes: Buffer | null;
  /** `Block` bits. LOST stands for whatever the model cannot say: only poison is forbidden there. */
  readonly state: Uint8Array;
  /** The same without what only the call at this moment leaves unknown: to see whether a change changed anything. */
  readonly plain: Uint8Array;
}

/**
 * How a change becomes durable. `store`: each sector when its data is written, new blocks and sizes when their write has
 * completed (CR-41 … CR-43). `meta`: as transactions of the call itself, in the order of the log (CR-10, CR-45).
 */
export type Durability = 'store' | 'meta';

export interface Moment {
  readonly call: CallId;
  readonly name: OperationName | 'mount';
  readonly durability: Durability;
  /** Place in the order of all changes of all files. */
  readonly sequence: number;
  /** Length of the device history when the call began: a crash before it cannot know of it. */
  readonly begin: number;
  readonly size: Bytes;
  /** The least size that a failure may have left. */
  readonly sizeLeast: Bytes;
  /** Bytes the call changed, for reports and for calls that overlapped. */
  readonly offset: Bytes;
  readonly length: Bytes;
  /** Whole blocks that got other storage, or none: [from, to), block aligned. */
  readonly replacedFrom: Bytes;
  readonly replacedTo: Bytes;
  /** The call itself makes the size durable. */
  readonly setsSize: boolean;
  /** A truncate to here: nothing behind may come back once it is durable (CR-44). −1: none. */
  readonly cutAt: Bytes;
  /** Everything from `replacedFrom` on moved. */
  readonly shifts: boolean;
  /** Its order among the others, or how far it came, is not known: it overlapped another call, or failed. */
  readonly unclear: boolean;
  /** It failed, or nothing need be different from before: there may be no transaction that a sync has to wait for. */
  readonly idle: boolean;
  readonly chunks: readonly Kept[];
}

/** The chunks of the file, those equal to `before` shared with it. [from, to) is marked as not known. */
export function keepChunks(
  state: State,
  file: FileModel,
  before: readonly Kept[],
  from: Bytes,
  to: Bytes,
): readonly Kept[] {
  const kept: Kept[] = [];
  let known = 0;
  for (const chunk of file.chunks) {
    while (known < before.length && before[known]!.start < chunk.start) known++;
    const old = before[known]?.start === chunk.start ? before[known]! : null;
    const plain = chunk.state.map(s => s & SEEN_BY_CRASHES);
    const states = plain.slice();
    if (from < to && from < chunk.end && to > chunk.start) {
      const first = Math.max(0, Math.floor((from - chunk.start) / state.block));
      const behind = Math.ceil((Math.min(to, chunk.end) - chunk.start) / state.block);
      for (let k = first; k < behind; k++) states[k]! |= Block.LOST;
    }
    file.doubts.each(chunk.start, chunk.end, at => {
      states[Math.floor((at - chunk.start) / state.block)]! |= Block.LOST;
    });
    const bytes = sameBytes(chunk.bytes, old) ? old!.bytes : chunk.bytes === null ? null : Buffer.from(chunk.bytes);
    const equal = old !== null && Buffer.compare(states, old.state) === 0 && Buffer.compare(plain, old.plain) === 0;
    if (equal && bytes === old.bytes) kept.push(old);
    else kept.push({ start: chunk.start, end: chunk.end, bytes, state: states, plain });
  }
  return kept;
}

/** What a file of this size would show: zeroes where the moment has nothing. */
export function contentsOf({ chunks }: Moment, size: Bytes): Uint8Array {
  const contents = new Uint8Array(size);
  for (const { start, end, bytes } of chunks)
    if (bytes !== null && start < size) contents.set(bytes.subarray(0, Math.min(end, size) - start), start);
  return contents;
}

/**
 * No metadata need differ: every block may still be what it was, with the same bytes in [from, to), which would have got other
 * storage. Bytes elsewhere are stored in place. A chunk that only one of them has is a hole of zeroes in the other.
 */
export function mayBeSame(now: readonly Kept[], before: readonly Kept[], from: Bytes, to: Bytes): boolean {
  const starts = new Set([...now, ...before].map(({ start }) => start));
  return [...starts].every(start => mayBeSameChunk(chunkAt(now, start), chunkAt(before, start), from, to));
}

function mayBeSameChunk(now: Kept | null, before: Kept | null, from: Bytes, to: Bytes): boolean {
  const { start, end, plain } = (now ?? before)!;
  const lo = Math.max(from, start) - start;
  const hi = Math.min(to, end) - start;
  if (lo < hi && !sameContents(now?.bytes?.subarray(lo, hi), before?.bytes?.subarray(lo, hi))) return false;
  return plain.every((_, k) => ((now?.plain[k] ?? Block.HOLE) & (before?.plain[k] ?? Block.HOLE) & MAP_STATES) !== 0);
}

/** No bytes are zeroes. */
function sameContents(one: Buffer | undefined, other: Buffer | undefined): boolean {
  if (one !== undefined && other !== undefined) return one.equals(other);
  return (one ?? other)?.every(byte => byte === 0) ?? true;
}

function sameBytes(bytes: Buffer | null, old: Kept | null): boolean {
  if (old === null) return false;
  if (bytes === null || old.bytes === null) return bytes === old.bytes;
  return bytes.equals(old.bytes);
}

/** The chunk that holds `offset`, or null: then the byte is zero in a hole. */
export function chunkAt(chunks: readonly Kept[], offset: Bytes): Kept | null {
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (chunks[middle]!.end <= offset) low = middle + 1;
    else high = middle;
  }
  const found = chunks[low];
  return found !== undefined && found.start <= offset ? found : null;
}
