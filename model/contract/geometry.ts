/**
 * Geometry is data: nothing in the model or the implementation knows a block or page size. Real geometries are blocks of
 * 512 to 65,536 bytes and pages of 4,096 with folios up to 2 MiB; tiny ones (blocks of 16 bytes, pages of 64) let a
 * random search spend its time on states instead of on copying.
 */
import type { Bytes } from './units.js';

export interface Geometry {
  /** B: bytes of a file-system block; a power of two, a multiple of `sectorSize`. May be smaller or larger than a page. */
  readonly blockSize: Bytes;
  /** P: bytes of a base page; a power of two. */
  readonly pageSize: Bytes;
  /** Bytes of the largest folio; a power of two, at least max(B, P). */
  readonly maxFolioSize: Bytes;
  /** S: the device's logical sector, the unit of atomicity in a crash (CR-01); a power of two, at most B. */
  readonly sectorSize: Bytes;
  /** Blocks of the data device, at least 1. */
  readonly deviceBlocks: number;
}

/** The geometry of the recordings: 4 KiB blocks and pages on a device of 320 MiB. */
export const KERNEL_GEOMETRY: Geometry = {
  blockSize: 4096,
  pageSize: 4096,
  maxFolioSize: 2 ** 21,
  sectorSize: 512,
  deviceBlocks: 81_920,
};

/** The largest block of any file system. */
export const LARGEST_BLOCK: Bytes = 65_536;
/** The largest device: its contents are in memory. */
const LARGEST_DEVICE: Bytes = 2 ** 32;

/** What is wrong with a geometry, as a sentence, or null if it can be used. */
export function geometryFault(geometry: Geometry): string | null {
  for (const key of ['blockSize', 'pageSize', 'maxFolioSize', 'sectorSize'] as const) {
    if (!Number.isSafeInteger(geometry[key]) || geometry[key] < 1 || !Number.isInteger(Math.log2(geometry[key])))
      return `${key} must be a power of two, not ${geometry[key]}`;
  }
  if (geometry.blockSize > LARGEST_BLOCK)
    return `blockSize must be at most ${LARGEST_BLOCK}, not ${geometry.blockSize}`;
  if (geometry.sectorSize > geometry.blockSize) return 'sectorSize must not exceed blockSize';
  if (geometry.maxFolioSize < Math.max(geometry.blockSize, geometry.pageSize))
    return 'maxFolioSize must be at least a block and a page';
  if (!Number.isSafeInteger(geometry.deviceBlocks) || geometry.deviceBlocks < 1)
    return 'deviceBlocks must be a whole number of at least 1';
  if (geometry.deviceBlocks * geometry.blockSize > LARGEST_DEVICE)
    return `the device must hold at most ${LARGEST_DEVICE} bytes, not ${geometry.deviceBlocks} blocks of ${geometry.blockSize}`;
  return null;
}
