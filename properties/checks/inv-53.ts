/** INV-53 nothing older stays cached: after a direct write what is cached of its range is as new as the device (DIO-50 … 52). */
import { Fork } from '../../model/contract/index.js';
import { Code } from './engine/block-state.js';
import { firstDifference } from './engine/compare.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv53: CheckDefinition = {
  id: 'INV-53',
  checks: 'when a direct write returned its bytes, each clean uptodate block of its range holds what the device holds',
  exercised: 'a direct write that returned a count',
  silent:
    'dirty blocks (a store overlapped or followed); locked folios; another direct request over the block; after a failed invalidation (DIO-52) or another error',
  hears: ['writeback-error'],
  answers: ['dwrite'],
  make(world) {
    let errors = 0;
    const check: PropertyCheck = {
      id: 'INV-53',
      exercised: 0,
      event() {
        errors++;
        return null;
      },
      called() {
        if (world.calls.open.length === 1) errors = 0;
      },
      returned(call, answer) {
        const { device } = world;
        if (answer.error !== 0 || answer.count <= 0 || device === null || errors > 0) return null;
        check.exercised++;
        const { blockSize } = world.geometry;
        const file = world.file(call.file);
        const { rows, view } = file;
        const end = Math.min(call.offset + answer.count, file.isize);
        for (let row = rows.seek(Math.floor(call.offset / blockSize)); row < rows.count; row++) {
          const start = rows.block[row]! * blockSize;
          if (start >= end) break;
          const code = rows.code[row]!;
          if (
            (code & (Code.uptodate | Code.dirty | Code.locked)) !== Code.uptodate ||
            (code & Code.data) !== Fork.written
          )
            continue;
          if ((code & Code.writeback) !== 0 || world.requests.overlaps(call.file, start, start + blockSize)) continue;
          const at = rows.memoryAt[row]!;
          const found = firstDifference(
            view.memory,
            at,
            device.contents,
            rows.dataBlock[row]! * blockSize,
            Math.min(blockSize, end - start),
          );
          if (found < 0) continue;
          const offset = start + found;
          return world.finding(
            'INV-53',
            call.file,
            offset,
            1,
            `byte ${offset} stayed cached from before the direct write: ${world.describeByte(call.file, offset, view.memory[at + found]!)} (DIO-50)`,
          );
        }
        return null;
      },
    };
    return check;
  },
};
