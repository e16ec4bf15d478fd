/**
 * Recovery: reads nothing but the device, and gives back the state after a prefix of the transactions (CR-10): that of the
 * newest superblock whose area is whole, and the log records behind it as far as they are whole and follow each other.
 */
import type { Bytes, LogPosition, Looked } from '../../model/contract/index.js';
import { checksum } from './checksum.js';
import { ITEM_BYTES, type ItemReader, readItems } from './items.js';
import type { MetadataLayout } from './layout.js';
import { decodeRecord, RECORD_HEADER, recordUnits } from './record.js';
import { decodeSuperblock, SUPERBLOCK_BYTES, type Superblock } from './superblock.js';

export interface Recovered {
  readonly generation: number;
  /** The last transaction of the prefix. */
  readonly position: LogPosition;
  /** Unit of the log behind the last record of the prefix. */
  readonly head: number;
  /** Where a newer superblock is whose area is not whole, because it was being written again; −1: there is none. */
  readonly orphan: Bytes;
}

/** Tells `read` the changes that make the state, or returns null if there is no file system on the device. */
export function recover(
  contents: Uint8Array,
  layout: MetadataLayout,
  read: ItemReader,
  looked: Looked,
): Recovered | null {
  const view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength);
  const superblock = newest(contents, view, layout, looked);
  if (superblock === null) return null;
  readItems(view, layout.areas[parity(superblock.generation)]!, superblock.items, read);
  const other = layout.superblocks[parity(superblock.generation + 1)]!;
  const newer = (decodeSuperblock(contents, view, other, layout)?.generation ?? 0) > superblock.generation;
  return { ...replayLog(contents, layout, superblock, read, looked), orphan: newer ? other : -1 };
}

/** Place and area that a generation uses. */
export function parity(generation: number): 0 | 1 {
  return generation % 2 === 0 ? 0 : 1;
}

function newest(contents: Uint8Array, view: DataView, layout: MetadataLayout, looked: Looked): Superblock | null {
  const [one, other] = layout.superblocks.map(at => {
    looked(at, SUPERBLOCK_BYTES);
    return decodeSuperblock(contents, view, at, layout);
  });
  const [first, second] = (one?.generation ?? 0) > (other?.generation ?? 0) ? [one, other] : [other, one];
  if (first && isWhole(contents, first, layout, looked)) return first;
  return second && isWhole(contents, second, layout, looked) ? second : null;
}

function isWhole(contents: Uint8Array, superblock: Superblock, layout: MetadataLayout, looked: Looked): boolean {
  const from = layout.areas[parity(superblock.generation)]!;
  const bytes = superblock.items * ITEM_BYTES;
  if (bytes > layout.areaBytes) return false;
  looked(from, bytes);
  return checksum(contents, from, from + bytes) === superblock.areaChecksum;
}

let memory = new Uint8Array(0);

function unrolled(length: number): Uint8Array {
  if (memory.length !== length) memory = new Uint8Array(length);
  return memory;
}

function replayLog(
  contents: Uint8Array,
  layout: MetadataLayout,
  superblock: Superblock,
  read: ItemReader,
  looked: Looked,
): Omit<Recovered, 'orphan'> {
  const { unit, logUnits } = layout;
  // From the tail on in one piece: a record may go around the end of the log.
  const start = layout.log + superblock.tail * unit;
  const log = unrolled(logUnits * unit);
  log.set(contents.subarray(start, layout.end));
  log.set(contents.subarray(layout.log, start), layout.end - start);
  const view = new DataView(log.buffer);
  const lookedUnrolled: Looked = (from, length) => {
    const ahead = Math.max(0, Math.min(length, layout.end - start - from));
    if (ahead > 0) looked(start + from, ahead);
    if (ahead < length) looked(layout.log + from + ahead - (layout.end - start), length - ahead);
  };
  const { generation } = superblock;
  let { position } = superblock;
  let at = 0;
  for (;;) {
    const items = decodeRecord(log, view, at * unit, generation, position + 1, lookedUnrolled);
    if (items < 0) return { generation, position, head: (superblock.tail + at) % logUnits };
    readItems(view, at * unit + RECORD_HEADER, items, read);
    position++;
    at += recordUnits(items, unit);
  }
}
