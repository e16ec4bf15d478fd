/**
 * The superblock: which metadata area holds the state, up to which transaction, and where the log goes on from there. It is
 * written into one of two places in turn, so a torn one leaves the one before it, with the area and the log it speaks of.
 */
import type { LogPosition } from '../../model/contract/index.js';
import { checksum } from './checksum.js';
import type { MetadataLayout } from './layout.js';

const MAGIC = 0x494f_4d43;
export const SUPERBLOCK_BYTES = 48;

export interface Superblock {
  /** Grows with each one written; its parity chooses place and area, and log records name it. */
  readonly generation: number;
  /** The last transaction that the area contains. */
  readonly position: LogPosition;
  /** Unit of the log at which the records behind it begin. */
  readonly tail: number;
  readonly items: number;
  readonly areaChecksum: number;
}

export function encodeSuperblock(superblock: Superblock, layout: MetadataLayout): Uint8Array {
  const bytes = new Uint8Array(layout.unit);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC);
  view.setUint32(8, superblock.generation);
  view.setUint32(12, superblock.tail);
  view.setFloat64(16, superblock.position);
  view.setUint32(24, superblock.items);
  view.setUint32(28, superblock.areaChecksum);
  view.setUint32(32, layout.geometry.blockSize);
  view.setUint32(36, layout.geometry.sectorSize);
  view.setFloat64(40, layout.geometry.deviceBlocks);
  view.setUint32(4, checksum(bytes, 8, SUPERBLOCK_BYTES));
  return bytes;
}

/** The superblock at `at`, or null if it is not whole or not of this geometry. */
export function decodeSuperblock(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  layout: MetadataLayout,
): Superblock | null {
  if (view.getUint32(at) !== MAGIC || view.getUint32(at + 4) !== checksum(bytes, at + 8, at + SUPERBLOCK_BYTES))
    return null;
  const { geometry } = layout;
  if (view.getUint32(at + 32) !== geometry.blockSize || view.getUint32(at + 36) !== geometry.sectorSize) return null;
  if (view.getFloat64(at + 40) !== geometry.deviceBlocks) return null;
  return {
    generation: view.getUint32(at + 8),
    tail: view.getUint32(at + 12),
    position: view.getFloat64(at + 16),
    items: view.getUint32(at + 24),
    areaChecksum: view.getUint32(at + 28),
  };
}
