/**
 * The contents of a file as a reader would get them, put together from what the view shows, without a call: what is
 * cached and uptodate, else what the device holds of written blocks, else zeroes. A checkpoint of a recording can so be
 * compared without adding reads to the program.
 */
import { createHash } from 'node:crypto';
import {
  type BlockDevice,
  BlockTable,
  Cached,
  type FileId,
  Fork,
  type Geometry,
  type View,
} from '../../model/contract/index.js';

/** Larger files are not digested: they are sparse, and hashing their holes would take minutes. */
export const LARGEST_DIGEST = 2 ** 28;

const CHUNK = 256;

export function peekContents(
  view: View,
  device: BlockDevice,
  geometry: Geometry,
  file: FileId,
): { readonly size: number; readonly sha256: string | null } {
  const shown = view.file(file);
  const size = shown.isize;
  if (size > LARGEST_DIGEST) return { size, sha256: null };
  const { blockSize } = geometry;
  const hash = createHash('sha256');
  const table = new BlockTable();
  const block = new Uint8Array(blockSize);
  const blocks = Math.ceil(size / blockSize);
  for (let first = 0; first < blocks; first += CHUNK) {
    const count = Math.min(CHUNK, blocks - first);
    table.frame(first, count);
    shown.describe(first, count, table);
    for (let i = 0; i < count; i++) {
      const cached = (table.cache[i]! & Cached.uptodate) !== 0 && table.memoryAt[i]! >= 0;
      if (cached) block.set(shown.memory.subarray(table.memoryAt[i]!, table.memoryAt[i]! + blockSize));
      else if (table.data[i] === Fork.written) {
        const addr = table.dataBlock[i]! * blockSize;
        block.set(device.contents.subarray(addr, addr + blockSize));
      } else block.fill(0);
      hash.update(block.subarray(0, Math.min(blockSize, size - (first + i) * blockSize)));
    }
  }
  return { size, sha256: hash.digest('hex') };
}
