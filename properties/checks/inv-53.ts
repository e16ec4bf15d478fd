/**
 * INV-53 nothing older stays cached: after a direct write what is cached of its range is as new as the device, and where a
 * folio could not be dropped an error is on record (DIO-50 … DIO-52).
 */
import { Ev, Fork } from '../../model/contract/index.js';
import { Code } from './engine/block-state.js';
import { firstDifference } from './engine/compare.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv53: CheckDefinition = {
  id: 'INV-53',
  checks:
    'when a direct write returned its bytes, each clean uptodate block of its range holds what the device holds; a folio that could not be dropped was recorded as an error',
  exercised: 'a direct write that returned a count',
  silent:
    'dirty blocks (a store overlapped or followed); locked folios; another direct request over the block; after a failed invalidation (DIO-52) or another error',
  hears: ['writeback-error', 'dio-end-io', 'dio-invalidate'],
  answers: ['dwrite'],
  make(world) {
    let errors = 0;
    /** Errors recorded since the sequence began, and how many when the request that ended last did so. */
    let recorded = 0;
    let before = 0;
    const check: PropertyCheck = {
      id: 'INV-53',
      exercised: 0,
      event(kind, file, offset, length, errno) {
        if (kind === Ev['dio-end-io']) before = recorded;
        else if (kind === Ev['writeback-error']) {
          errors++;
          recorded++;
        } else if (errno !== 0 && recorded === before)
          return world.finding(
            'INV-53',
            file,
            offset,
            length,
            `cache of [${offset}, ${offset + length}) could not be dropped after a direct write, and no error is on record (DIO-52)`,
          );
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
