/** INV-41 writes hit only own space: data goes to blocks of the writing file, and no block is freed under a write (WB-82). */
import { type Bytes, CowFork, Ev, type FileId, type Finding, Fork } from '../../model/contract/index.js';
import { firstDifference } from './engine/compare.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv41: CheckDefinition = {
  id: 'INV-41',
  checks:
    'each data write covers blocks that its file maps at that place and does not share, and no block with a write in flight is freed',
  exercised: 'a data write submitted to the device',
  silent: 'a shared block that is rewritten with the bytes it holds (H-6)',
  hears: ['bio-write', 'free'],
  make(world) {
    const submitted = (file: FileId, addr: Bytes, length: Bytes, offset: Bytes): Finding | null => {
      const { blockSize } = world.geometry;
      const block = Math.floor(offset / blockSize);
      const count = Math.ceil((offset + length) / blockSize) - block;
      const target = Math.floor(addr / blockSize);
      const table = world.peek(file, block, count);
      for (let i = 0; i < count; i++) {
        const at = target + i;
        if (table.cow[i]! >= CowFork.real && table.cowBlock[i] === at) continue;
        const own = table.data[i]! >= Fork.unwritten && table.dataBlock[i] === at;
        if (own && (table.shared[i] === 0 || unchanged(addr, length))) continue;
        const fault = own ? 'is shared with other owners' : 'neither fork of the file has there';
        return world.finding(
          'INV-41',
          file,
          (block + i) * blockSize,
          blockSize,
          `block ${block + i} is written to device block ${at}, which ${fault} (WB-82)`,
        );
      }
      return null;
    };
    /** H-6: the write submitted last carries the bytes that are there. */
    const unchanged = (addr: Bytes, length: Bytes): boolean => {
      const { device } = world;
      const bio = device?.inFlight[device.inFlight.length - 1];
      if (device === null || bio === undefined) return true;
      return firstDifference(bio.memory, bio.at, device.contents, addr, length) < 0;
    };
    const check: PropertyCheck = {
      id: 'INV-41',
      exercised: 0,
      event(kind, file, a, b, c) {
        if (kind === Ev['bio-write']) {
          if (file < 0 || c < 0) return null;
          check.exercised++;
          return submitted(file, a, b, c);
        }
        for (let block = a; block < a + b; block++) {
          if (world.blocks.inFlight[block] === 0) continue;
          return world.finding(
            'INV-41',
            Math.max(0, file),
            -1,
            -1,
            `device block ${block} is freed while a write to it is in flight`,
          );
        }
        return null;
      },
    };
    return check;
  },
};
