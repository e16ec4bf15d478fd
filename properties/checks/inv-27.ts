/**
 * INV-27 tail is zero: cached bytes at or behind the end are zero (PC-21, PC-65, WB-11). A store through a view may put
 * something there, and the device may have had something there when the EOF block was read; both are remembered.
 */
import { type Bytes, Ev, type FileId } from '../../model/contract/index.js';
import { Code } from './engine/block-state.js';
import { Is } from './engine/call-kinds.js';
import { firstNonZero } from './engine/compare.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

/** Blocks behind the EOF block looked at in one go. */
const FARTHEST = 64;

export const inv27: CheckDefinition = {
  id: 'INV-27',
  checks: 'bytes at or behind the end in uptodate blocks are zero',
  exercised: 'a look at an uptodate block that reaches behind the end',
  silent:
    'locked folios; folios a view can store to, or could since their tail was last zeroed; an EOF block whose tail was not zero on the device when it was read (PC-21); while a call that moves the end is in progress',
  hears: ['uptodate', 'zeroed', 'writeback-folio', 'folio-add'],
  make(world) {
    /** Per file the EOF block that came from the device with a tail, −1 for none. */
    const foreign: number[] = [];
    const filled = (file: FileId, offset: Bytes, length: Bytes): void => {
      const { blockSize } = world.geometry;
      const { isize, memory } = world.view.file(file);
      if (isize < offset || isize >= offset + length || isize % blockSize === 0) return;
      const block = Math.floor(isize / blockSize);
      const at = world.peek(file, block, 1).memoryAt[0]!;
      if (at < 0) return;
      const inside = isize - block * blockSize;
      foreign[file] = firstNonZero(memory, at + inside, blockSize - inside) < 0 ? -1 : block;
    };
    const check: PropertyCheck = {
      id: 'INV-27',
      exercised: 0,
      reset() {
        foreign.length = 0;
      },
      event(kind, file, offset, length, c) {
        if (kind === Ev.uptodate) {
          if (c === 0) filled(file, offset, length);
          return null;
        }
        const block = foreign[file] ?? -1;
        if (block < 0) return null;
        const start = block * world.geometry.blockSize;
        const end = start + world.geometry.blockSize;
        // Zeroes in front of the end, or only behind part of it, leave the rest of the tail as the device had it.
        const zeroed = offset <= Math.max(start, world.view.file(file).isize) && offset + length >= end;
        if (kind === Ev.zeroed ? zeroed : start < offset + length && end > offset) foreign[file] = -1;
        return null;
      },
      scanned(file) {
        const { blockSize } = world.geometry;
        const { rows, isize, view } = file;
        const eof = Math.floor(isize / blockSize);
        let row = rows.seek(eof);
        if (row >= rows.count || world.calls.working(file.id, Is.sizing)) return null;
        const last = Math.min(rows.count, row + FARTHEST);
        for (; row < last; row++) {
          const code = rows.code[row]!;
          const block = rows.block[row]!;
          if ((code & (Code.uptodate | Code.locked | Code.writable)) !== Code.uptodate) continue;
          if (block === (foreign[file.id] ?? -1)) continue;
          const start = block * blockSize;
          if (file.scribbled.count > 0 && file.scribbled.overlaps(start, start + blockSize)) continue;
          check.exercised++;
          const inside = Math.max(0, isize - start);
          const found = firstNonZero(view.memory, rows.memoryAt[row]! + inside, blockSize - inside);
          if (found < 0) continue;
          const offset = start + (found - rows.memoryAt[row]!);
          const seen = view.memory[found]!;
          return world.finding(
            'INV-27',
            file.id,
            offset,
            1,
            `byte ${offset} behind the end ${isize} is not zero in the cache (block ${block}): ${world.describeByte(file.id, offset, seen)}`,
          );
        }
        return null;
      },
    };
    return check;
  },
};
