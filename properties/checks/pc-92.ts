/**
 * PC-92: removing a range from the cache takes D from every block wholly inside it, in the folios that stay as in those that
 * go (PC-91). A file system that allocates in writeback's mapping would else give the removed blocks storage again.
 */
import {
  type Bytes,
  type Call,
  type CallId,
  type FileId,
  type OperationName,
  operationTable,
} from '../../model/contract/index.js';
import { Code } from './engine/block-state.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { Ranges } from './engine/ranges.js';
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

/** A call that removes cache and has not returned. */
interface Removal {
  readonly call: CallId;
  readonly file: FileId;
  /** Bytes that were stored since it began, or whose blocks have no D bit of their own. */
  readonly stored: Ranges;
}

export const pc92: CheckDefinition = {
  id: 'PC-92',
  checks:
    'after a call that removes a range from the cache returned 0, no block wholly inside the range is dirty unless it was stored since the call began',
  exercised: 'a truncate, punch, zero, collapse or insert that returned 0',
  silent: 'blocks of a folio that was dirty without block state: they have no D bit to lose',
  hears: ['dirty'],
  answers: removing,
  make(world) {
    const removals: Removal[] = [];
    const check: PropertyCheck = {
      id: 'PC-92',
      exercised: 0,
      reset() {
        removals.length = 0;
      },
      called({ id, operation, file }) {
        if (removes[operation] === 0) return;
        const stored = new Ranges();
        for (const folio of world.view.file(file).folios)
          if (folio.dirty && !folio.hasBlockState) stored.add(folio.pos, folio.pos + folio.size);
        removals.push({ call: id, file, stored });
      },
      event(_kind, file, offset, length) {
        if (removals.length === 0) return null;
        const whole = undivided(world.view.file(file), offset);
        for (const removal of removals) {
          if (removal.file !== file) continue;
          removal.stored.add(offset, offset + length);
          if (whole !== null) removal.stored.add(whole.pos, whole.pos + whole.size);
        }
        return null;
      },
      returned(call, answer) {
        const at = removals.findIndex(removal => removal.call === call.id);
        if (at < 0) return null;
        const [{ stored }] = removals.splice(at, 1) as [Removal];
        if (answer.error !== 0) return null;
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
