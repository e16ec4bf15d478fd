/**
 * A log record: one transaction, from a unit boundary on. It names the generation of the superblock it goes with, so that
 * what an earlier life of the log left behind it is never taken for its successor, and it carries a checksum over all of it,
 * so that a torn one is recognized and ends the log (CR-10).
 */
import type { LogPosition, Looked } from '../../model/contract/index.js';
import { checksum } from './checksum.js';
import { ITEM_BYTES, type ItemBuffer } from './items.js';

const MAGIC = 0x494f_4d4c;
export const RECORD_HEADER = 24;

/** Units that a record of this many items takes. */
export function recordUnits(items: number, unit: number): number {
  return Math.ceil((RECORD_HEADER + items * ITEM_BYTES) / unit);
}

export function encodeRecord(
  into: Uint8Array,
  view: DataView,
  at: number,
  generation: number,
  position: LogPosition,
  items: ItemBuffer,
): void {
  view.setUint32(at, MAGIC);
  view.setUint32(at + 8, generation);
  view.setUint32(at + 12, items.count);
  view.setFloat64(at + 16, position);
  items.copyInto(into, at + RECORD_HEADER);
  view.setUint32(at + 4, checksum(into, at + 8, at + RECORD_HEADER + items.count * ITEM_BYTES));
}

/** Number of items of the record of transaction `position` at `at`, or −1 if there is no such record, whole. */
export function decodeRecord(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  generation: number,
  position: LogPosition,
  looked: Looked,
): number {
  if (at + RECORD_HEADER > bytes.length) return -1;
  looked(at, RECORD_HEADER);
  if (view.getUint32(at) !== MAGIC) return -1;
  if (view.getUint32(at + 8) !== generation || view.getFloat64(at + 16) !== position) return -1;
  const items = view.getUint32(at + 12);
  const end = at + RECORD_HEADER + items * ITEM_BYTES;
  if (end > bytes.length) return -1;
  looked(at, end - at);
  if (view.getUint32(at + 4) !== checksum(bytes, at + 8, end)) return -1;
  return items;
}
