/** What is kept of a store that was answered while others were open, and what one that is open may have stored already. */
import {
  type Bytes,
  type Call,
  type Data,
  type FileId,
  fillData,
  type Geometry,
  roundDown,
  roundUp,
} from '../../contract/index.js';
import { Block } from '../state/blocks.js';
import type { Doubts } from '../state/doubts.js';
import type { FileModel } from '../state/file.js';
import { blockState } from '../state/map.js';
import type { State } from '../state/state.js';
import type { Move } from './moves.js';

/**
 * Of a store longer than two of these only its beginning and its end are kept, byte by byte. So long are those that grow
 * the file to far away, or cut it from there: the bytes between are those of no store.
 */
const LONGEST = 1 << 19;

/** One answered store, while others were open. */
export interface Store {
  readonly file: FileId;
  readonly offset: Bytes;
  readonly before: Uint8Array;
  /** Bytes that had several possible values before; null: none. */
  readonly doubts: Doubts | null;
  readonly after: Uint8Array;
  /** Blocks from that of `offset` on whose bytes had been lost before, perhaps (WB-73): 1 each. Null: none. */
  readonly lost: Uint8Array | null;
  /** Those that it may have lost itself, because it failed half way. */
  readonly left: Uint8Array | null;
  /** When it was answered. */
  readonly ended: number;
  /** It was made through a mapping, whose fault dirtied whole folios. */
  readonly mapped: boolean;
  /** It lies behind the end, or may: what it stored shows, and comes to the model when the call that makes the file larger returns. */
  readonly ahead: boolean;
  /** It went past the cache. */
  readonly direct: boolean;
  /** It went through the cache, or may have. */
  readonly cached: boolean;
  /** It did so, and ended early. */
  readonly stopped: boolean;
  /** It moved bytes. */
  readonly move: Move | null;
}

/** The column `lost` of a store to `length` bytes. */
export function lostBlocks(state: State, file: FileModel, offset: Bytes, length: Bytes): Uint8Array | null {
  if (!file.hasLost) return null;
  const first = state.blockDown(offset);
  const count = (state.blockUp(offset + length) - first) / state.block;
  return Uint8Array.from({ length: count }, (_, i) =>
    (blockState(state, file, first + i * state.block) & Block.LOST) === 0 ? 0 : 1,
  );
}

export function storeEnd(store: Store): Bytes {
  return store.offset + store.after.length;
}

/** Where the bytes end that the call finds to write. */
function sourceEnd({ offset, length, accessible }: Call): Bytes {
  return offset + (accessible >= 0 ? Math.min(length, accessible) : length);
}

/** How many of the `n` bytes from `memory[at]` on the open call may have stored at `offset` already; 0: not the first. */
export function mayStore(
  call: Call,
  offset: Bytes,
  n: number,
  memory: Uint8Array,
  at: number,
  { blockSize, sectorSize }: Geometry,
): number {
  const zero = memory[at] === 0 ? 1 : 0;
  switch (call.name) {
    case 'write':
    case 'dwrite':
    case 'mapwrite':
      if (offset < call.offset) return zero;
      // Zeroes around the data, which ends with the last whole sector of its source (DIO-22).
      if (call.name === 'dwrite' && zero === 1 && offset < roundUp(sourceEnd(call), blockSize))
        if (offset >= roundDown(sourceEnd(call), sectorSize)) return 1;
      return equalData(call.data, offset, Math.min(n, call.offset + call.length - offset), memory, at);
    case 'truncate':
    case 'punch':
    case 'zero':
      return zero;
    // These bring bytes from elsewhere.
    case 'collapse':
    case 'insert':
    case 'reflink':
    case 'copy':
      return n;
    default:
      return 0;
  }
}

const some = new Uint8Array(64);

/** How many of the `n` bytes from `memory[at]` on are those that the data has from `offset` on; only the first few are looked at. */
function equalData(data: Data, offset: Bytes, n: number, memory: Uint8Array, at: number): number {
  const count = Math.min(n, some.length);
  if (count <= 0) return 0;
  fillData(data, offset, some, 0, count);
  let equal = 0;
  while (equal < count && some[equal] === memory[at + equal]) equal++;
  return equal;
}

/** What is kept of a store to [from, end): start and length of each part. */
export function partsOf(from: Bytes, end: Bytes): (readonly [Bytes, Bytes])[] {
  if (end - from <= 2 * LONGEST) return [[from, Math.max(0, end - from)]];
  return [
    [from, LONGEST],
    [end - LONGEST, LONGEST],
  ];
}

/** The data of the call in [from, end), as far as that is kept. */
export function fillPart({ data }: Call, from: Bytes, end: Bytes, { offset, after }: Store): void {
  const first = Math.max(from, offset);
  const n = Math.min(end, offset + after.length) - first;
  if (n > 0) fillData(data, first, after, first - offset, n);
}
