/**
 * WB-60: an integrity sync writes every store that was in the cache before it, in all folios of its file: where one of them
 * could not be written it goes on with the next.
 */
import type { OperationName } from '../../model/contract/index.js';
import { Code } from './engine/block-state.js';
import { CallRanges } from './engine/call-ranges.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

const SYNCS: readonly OperationName[] = ['fsync', 'fdatasync'];

export const wb60: CheckDefinition = {
  id: 'WB-60',
  checks:
    'after an fsync or fdatasync returned, with or without an error, no block below the end is dirty that was not stored since',
  exercised: 'an fsync or fdatasync that returned, and that no other call overlapped',
  hears: ['dirty'],
  answers: SYNCS,
  make(world) {
    /** Bytes that were stored since each sync in progress began. */
    const syncs = new CallRanges();
    const check: PropertyCheck = {
      id: 'WB-60',
      exercised: 0,
      reset() {
        syncs.clear();
      },
      called(call) {
        if (SYNCS.includes(call.name)) syncs.begin(call);
      },
      event(_kind, file, offset, length) {
        syncs.add(file, offset, offset + length);
        return null;
      },
      returned(call) {
        const stored = syncs.end(call.id);
        if (stored === null || world.calls.returning?.overlapped === true) return null;
        check.exercised++;
        const { blockSize } = world.geometry;
        const { rows } = world.file(call.file);
        for (let row = 0; row < rows.count; row++) {
          const code = rows.code[row]!;
          if ((code & Code.below) === 0) return null;
          const start = rows.block[row]! * blockSize;
          if ((code & Code.dirty) === 0 || stored.overlaps(start, start + blockSize)) continue;
          return world.finding(
            'WB-60',
            call.file,
            start,
            blockSize,
            `block ${rows.block[row]!} is still dirty after ${call.name}, and was not stored since that began`,
          );
        }
        return null;
      },
    };
    return check;
  },
};
