/**
 * Contents of files as something that was recovered. Blocks of nothing but zeroes count as holes; whether they were, a
 * recording tells only later.
 */
import type { FileId } from '../../model/contract/index.js';
import type { Medium, RecoveredFile } from '../../model/files/index.js';

/** The contents on a medium of their own. */
export function layOut(
  seen: ReadonlyMap<FileId, Uint8Array>,
  blockSize: number,
  sectorSize: number,
): { readonly files: readonly RecoveredFile[]; readonly medium: Medium } {
  const room = [...seen.values()].reduce((sum, bytes) => sum + bytes.length + blockSize, 0);
  const image = new Uint8Array(room);
  let address = 0;
  const files: RecoveredFile[] = [];
  for (const [file, bytes] of seen) {
    const extents: RecoveredFile['extents'][number][] = [];
    for (let offset = 0; offset < bytes.length; offset += blockSize) {
      const block = bytes.subarray(offset, offset + blockSize);
      if (!block.some(byte => byte !== 0)) continue;
      image.set(block, address);
      extents.push({ offset, length: blockSize, address, written: true });
      address += blockSize;
    }
    files.push({ file, size: bytes.length, extents, partly: true });
  }
  return { files, medium: { sectorSize, candidates: at => [{ bytes: image, at }] } };
}
