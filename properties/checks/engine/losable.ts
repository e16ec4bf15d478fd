/** Bytes of a file that were written and that a loss of power could still take (CR-02). */
import { type Bytes, type FileId, Fork } from '../../../model/contract/index.js';
import { Code } from './block-state.js';
import type { World } from './world.js';

/** When a call returns: the first byte of [from, to) whose last completed write could be lost, or −1. */
export function losableByte(world: World, file: FileId, from: Bytes, to: Bytes): Bytes {
  const { durability, geometry } = world;
  if (durability.written <= durability.flushed) return -1;
  const { blockSize } = geometry;
  const { rows } = world.file(file);
  for (let row = rows.seek(Math.floor(from / blockSize)); row < rows.count; row++) {
    const block = rows.block[row]! * blockSize;
    if (block >= to) break;
    if ((rows.code[row]! & Code.data) !== Fork.written) continue;
    const start = Math.max(from, block);
    const addr = rows.dataBlock[row]! * blockSize + (start - block);
    const lost = durability.losable(addr, Math.min(to, block + blockSize) - start);
    if (lost >= 0) return start + lost - addr;
  }
  return -1;
}
