/**
 * FS-X13: collapse and insert leave nothing in the copy-on-write fork from one block before their place to the end: its blocks
 * would stay behind while those of the data fork move, and a later writeback would put the data of one place at another.
 */
import type { CallId, FileId } from '../../model/contract/index.js';
import { Code } from './engine/block-state.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { Ranges } from './engine/ranges.js';

/** A shift in progress, and the blocks that got copy-on-write space since it began. */
interface Shift {
  readonly call: CallId;
  readonly file: FileId;
  readonly staged: Ranges;
}

export const fsX13: CheckDefinition = {
  id: 'FS-X13',
  checks:
    'after a collapse or insert that returned 0 the copy-on-write fork is empty from one block before its place on, but for what was reserved since it began',
  exercised: 'a collapse or insert that returned 0 and that no other call overlapped',
  silent: 'beside other calls, which may have put blocks there without a reservation (direct writes)',
  hears: ['reserve-cow'],
  answers: ['collapse', 'insert'],
  make(world) {
    const shifts: Shift[] = [];
    const check: PropertyCheck = {
      id: 'FS-X13',
      exercised: 0,
      reset() {
        shifts.length = 0;
      },
      called({ id, name, file }) {
        if (name === 'collapse' || name === 'insert') shifts.push({ call: id, file, staged: new Ranges() });
      },
      event(_kind, file, first, count) {
        for (const shift of shifts) if (shift.file === file) shift.staged.add(first, first + count);
        return null;
      },
      returned(call, answer) {
        const at = shifts.findIndex(shift => shift.call === call.id);
        if (at < 0) return null;
        const [{ staged }] = shifts.splice(at, 1) as [Shift];
        if (answer.error !== 0 || world.calls.returning!.overlapped) return null;
        check.exercised++;
        const { blockSize } = world.geometry;
        const { rows } = world.file(call.file);
        for (let row = rows.seek(call.offset / blockSize - 1); row < rows.count; row++) {
          const block = rows.block[row]!;
          if ((rows.code[row]! & Code.cow) === 0 || staged.covers(block, block + 1)) continue;
          return world.finding(
            'FS-X13',
            call.file,
            block * blockSize,
            blockSize,
            `block ${block} has copy-on-write space from before ${call.name} at ${call.offset}`,
          );
        }
        return null;
      },
    };
    return check;
  },
};
