/**
 * FS-X13: collapse and insert leave nothing in the copy-on-write fork from one block before their place to the end: its blocks
 * would stay behind while those of the data fork move, and a later writeback would put the data of one place at another.
 */
import { Code } from './engine/block-state.js';
import { CallRanges } from './engine/call-ranges.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const fsX13: CheckDefinition = {
  id: 'FS-X13',
  checks:
    'after a collapse or insert that returned 0 the copy-on-write fork is empty from one block before its place on, but for what was reserved since it began',
  exercised: 'a collapse or insert that returned 0 and that no other call overlapped',
  silent: 'beside other calls, which may have put blocks there without a reservation (direct writes)',
  hears: ['reserve-cow'],
  answers: ['collapse', 'insert'],
  make(world) {
    /** Blocks that got copy-on-write space since each shift in progress began. */
    const shifts = new CallRanges();
    const check: PropertyCheck = {
      id: 'FS-X13',
      exercised: 0,
      reset() {
        shifts.clear();
      },
      called(call) {
        if (call.name === 'collapse' || call.name === 'insert') shifts.begin(call);
      },
      event(_kind, file, first, count) {
        shifts.add(file, first, first + count);
        return null;
      },
      returned(call, answer) {
        const staged = shifts.end(call.id);
        if (staged === null || answer.error !== 0 || world.calls.returning!.overlapped) return null;
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
