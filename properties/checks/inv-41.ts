/**
 * INV-41 writes hit only own space: data goes to blocks of the writing file, and while it is on its way no block of it is
 * freed, nor becomes a shared source (WB-82).
 */
import { type Bytes, CowFork, Ev, type FileId, type Finding, Fork } from '../../model/contract/index.js';
import { firstDifference } from './engine/compare.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv41: CheckDefinition = {
  id: 'INV-41',
  checks:
    'each data write covers blocks that its file maps at that place and does not share, and no block with a write in flight is freed or becomes shared',
  exercised: 'a data write submitted to the device',
  silent: 'a shared block that is rewritten with the bytes it holds (H-6)',
  hears: ['bio-write', 'bio-done', 'extent', 'free'],
  make(world) {
    /** Where writes in flight carry what is there already (H-6). */
    const idle = new Set<Bytes>();
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
        if (own && table.shared[i] === 0) continue;
        if (own && (idle.has(addr) || unchanged(addr, length))) {
          idle.add(addr);
          continue;
        }
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
    /** The write is over. What became shared meanwhile has been changed under its other owner. */
    const completed = (file: FileId, addr: Bytes, length: Bytes): Finding | null => {
      if (idle.delete(addr)) return null;
      const { blockSize } = world.geometry;
      const space = world.view.space();
      const last = Math.ceil((addr + length) / blockSize);
      for (let block = Math.floor(addr / blockSize); block < last; block++)
        if (space.references(block) > 1) return sharedUnder(file, block);
      return null;
    };
    /** Blocks of the file are written ones now: with a write on its way to them they are not another owner's as well. */
    const mapped = (file: FileId, first: number, count: number): Finding | null => {
      const { inFlight } = world.blocks;
      const space = world.view.space();
      const { data, dataBlock } = world.peek(file, first, count);
      for (let i = 0; i < count; i++) {
        const block = dataBlock[i]!;
        if (data[i] === Fork.written && inFlight[block]! > 0 && space.references(block) > 1)
          return sharedUnder(file, block);
      }
      return null;
    };
    const isWriting = (): boolean => world.device !== null && world.device.inFlight.length > 0;
    const sharedUnder = (file: FileId, block: number): Finding =>
      world.finding('INV-41', file, -1, -1, `device block ${block} became shared while a write to it was in flight`);
    const check: PropertyCheck = {
      id: 'INV-41',
      exercised: 0,
      reset() {
        idle.clear();
      },
      event(kind, file, a, b, c) {
        if (kind === Ev['bio-write']) {
          if (file < 0 || c < 0) return null;
          check.exercised++;
          return submitted(file, a, b, c);
        }
        if (kind === Ev['bio-done']) return file < 0 ? null : completed(file, a, b);
        if (kind === Ev.extent) return c === Fork.written && idle.size === 0 && isWriting() ? mapped(file, a, b) : null;
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
