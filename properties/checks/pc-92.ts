/**
 * PC-92: removing a range from the cache takes D from every block wholly inside it, in the folios that stay as in those that
 * go (PC-91). A file system that allocates in writeback's mapping would else give the removed blocks storage again.
 */
import { type Bytes, type Call, type OperationName, operationTable } from '../../model/contract/index.js';
import { Code } from './engine/block-state.js';
import { CallRanges } from './engine/call-ranges.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { undivided } from './engine/undivided.js';

/** Calls that remove [from, to) from the cache of their file (FS-X9, FS-X10, FS-X13). */
const REMOVING: Readonly<Partial<Record<OperationName, (call: Call) => readonly [Bytes, Bytes]>>> = {
  truncate: call => [call.size, Number.POSITIVE_INFINITY],
  punch: call => [call.offset, call.offset + call.length],
  zero: call => [call.offset, call.offset + call.length],
  collapse: call => [call.offset, Number.POSITIVE_INFINITY],
  insert: call => [call.offset, Number.POSITIVE_INFINITY],
};
const removing = Object.keys(REMOVING) as OperationName[];
const removes = operationTable(name => (removing.includes(name) ? 1 : 0));

export const pc92: CheckDefinition = {
  id: 'PC-92',
  checks:
    'after a call that removes a range from the cache returned 0, no block wholly inside the range is dirty unless it was stored since the call began',
  exercised: 'a truncate, punch, zero, collapse or insert that returned 0',
  silent: 'blocks of a folio that was dirty without block state: they have no D bit to lose',
  hears: ['dirty'],
  answers: removing,
  make(world) {
    /** Bytes that were stored since each removal in progress began, or whose blocks have no D bit of their own. */
    const removals = new CallRanges();
    const check: PropertyCheck = {
      id: 'PC-92',
      exercised: 0,
      reset() {
        removals.clear();
      },
      called(call) {
        if (removes[call.operation] === 0) return;
        const stored = removals.begin(call);
        for (const folio of world.view.file(call.file).folios)
          if (folio.dirty && !folio.hasBlockState) stored.add(folio.pos, folio.pos + folio.size);
      },
      event(_kind, file, offset, length) {
        if (removals.empty) return null;
        const whole = undivided(world.view.file(file), offset);
        removals.add(file, offset, offset + length);
        if (whole !== null) removals.add(file, whole.pos, whole.pos + whole.size);
        return null;
      },
      returned(call, answer) {
        const stored = removals.end(call.id);
        if (stored === null || answer.error !== 0) return null;
        check.exercised++;
        const { blockSize } = world.geometry;
        const [from, to] = REMOVING[call.name]!(call);
        const { rows } = world.file(call.file);
        for (let row = rows.seek(Math.ceil(from / blockSize)); row < rows.count; row++) {
          const start = rows.block[row]! * blockSize;
          if (start + blockSize > to) return null;
          if ((rows.code[row]! & Code.dirty) === 0 || stored.overlaps(start, start + blockSize)) continue;
          return world.finding(
            'PC-92',
            call.file,
            start,
            blockSize,
            `block ${rows.block[row]!} is dirty after ${call.name} removed it from the cache, and was not stored since`,
          );
        }
        return null;
      },
    };
    return check;
  },
};
