/**
 * FS-X9: a truncate that does not make the file longer frees the copy-on-write space behind its new end, too. INV-13 is
 * silent about copy-on-write space, which may lie around what was written; here nothing was.
 */
import { Code } from './engine/block-state.js';
import { CallRanges } from './engine/call-ranges.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const fsX9: CheckDefinition = {
  id: 'FS-X9',
  checks:
    'after a truncate to the size of the file or a smaller one returned 0 no block behind its end has copy-on-write space, but for what was reserved since it began',
  exercised: 'such a truncate that returned 0 and that no other call overlapped',
  silent: 'beside other calls, which may have put blocks there without a reservation (direct writes)',
  hears: ['reserve-cow'],
  answers: ['truncate'],
  make(world) {
    /** Blocks that got copy-on-write space since each truncate in progress began. */
    const cuts = new CallRanges();
    const check: PropertyCheck = {
      id: 'FS-X9',
      exercised: 0,
      reset() {
        cuts.clear();
      },
      called(call) {
        if (call.name === 'truncate' && call.size <= world.view.file(call.file).isize) cuts.begin(call);
      },
      event(_kind, file, first, count) {
        cuts.add(file, first, first + count);
        return null;
      },
      returned(call, answer) {
        const staged = cuts.end(call.id);
        if (staged === null || answer.error !== 0 || world.calls.returning!.overlapped) return null;
        check.exercised++;
        const { blockSize } = world.geometry;
        const { rows } = world.file(call.file);
        for (let row = rows.seek(Math.ceil(call.size / blockSize)); row < rows.count; row++) {
          const block = rows.block[row]!;
          if ((rows.code[row]! & Code.cow) === 0 || staged.covers(block, block + 1)) continue;
          const message = `block ${block} has copy-on-write space, though truncate cut the file at ${call.size}`;
          return world.finding('FS-X9', call.file, block * blockSize, blockSize, message);
        }
        return null;
      },
    };
    return check;
  },
};
