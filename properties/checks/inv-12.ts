/**
 * INV-12 dirty implies backing: a dirty block below the end has a place to go, or holds only what the map alone would yield
 * (MAP-05, PC-34, PC-50, PC-62, WB-81).
 */
import { type Bytes, Fork } from '../../model/contract/index.js';
import { Code } from './engine/block-state.js';
import { Is } from './engine/call-kinds.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import type { FileTrack } from './engine/file-track.js';
import { firstLost } from './engine/redundant.js';

export const inv12: CheckDefinition = {
  id: 'INV-12',
  checks:
    'a dirty block below the end is delayed, unwritten, written and not shared, or has copy-on-write space; or dropping its D bit would lose nothing',
  exercised: 'a look at a file with a dirty block below its end',
  silent:
    'locked folios; bytes equal to what the map yields (R-7, H-6, PC-77); a size extension in progress zeroes behind the old end only after the folio was unlocked (Y-BW8)',
  block: {
    concerns: b => b.dirty && b.below && !b.locked,
    holds: b =>
      b.cow !== 0 || b.data === Fork.delay || b.data === Fork.unwritten || (b.data === Fork.written && !b.shared),
  },
  make(world) {
    /** The first byte that would be lost, or −1. */
    const lost = (file: FileTrack, row: number): Bytes => {
      const { rows, view } = file;
      const { blockSize } = world.geometry;
      const at = rows.memoryAt[row]!;
      const start = rows.block[row]! * blockSize;
      const length = Math.min(blockSize, file.isize - start);
      const shared = (rows.code[row]! & Code.data) !== Fork.hole;
      const found = firstLost(view.memory, at, length, shared, world.device, rows.dataBlock[row]! * blockSize);
      return found < 0 ? -1 : start + found;
    };
    const check: PropertyCheck = {
      id: 'INV-12',
      exercised: 0,
      judgeBlock(file, row) {
        if (world.calls.working(file.id, Is.sizing)) return null;
        const offset = lost(file, row);
        if (offset < 0) return null;
        const { blockSize } = world.geometry;
        const block = file.rows.block[row]!;
        const seen = file.view.memory[file.rows.memoryAt[row]! + (offset - block * blockSize)]!;
        const why = (file.rows.code[row]! & Code.data) === Fork.hole ? 'has no space' : 'is shared with other owners';
        return world.finding(
          'INV-12',
          file.id,
          block * blockSize,
          blockSize,
          `dirty block ${block} ${why}, and its byte ${offset} would be lost: ${world.describeByte(file.id, offset, seen)}`,
        );
      },
    };
    return check;
  },
};
