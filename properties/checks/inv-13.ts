/** INV-13 reservation implies dirty: when all is quiet a delayed block below the end is dirty (PC-50 … 55, MAP-44 … 46). */
import { Fork } from '../../model/contract/index.js';
import { Code } from './engine/block-state.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv13: CheckDefinition = {
  id: 'INV-13',
  checks:
    'a delayed block of the data fork below the end is dirty in the cache, and after a successful fsync there is none',
  exercised: 'a quiescent look at a file with a delayed block below its end, or a successful fsync',
  silent: 'blocks at or behind the end (speculative preallocation); delayed copy-on-write blocks (hint)',
  block: {
    concerns: b => b.quiet && b.data === Fork.delay && b.below,
    holds: b => b.dirty,
  },
  answers: ['fsync', 'fdatasync'],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-13',
      exercised: 0,
      judgeBlock(file, row) {
        const { blockSize } = world.geometry;
        const block = file.rows.block[row]!;
        const cached = (file.rows.code[row]! & Code.present) !== 0 ? 'cached but clean' : 'not cached';
        return world.finding(
          'INV-13',
          file.id,
          block * blockSize,
          blockSize,
          `block ${block} is still reserved, though it is ${cached}: the reservation leaked`,
        );
      },
      returned(call, answer) {
        if (answer.error !== 0) return null;
        const file = world.file(call.file);
        const entry = world.calls.returning!;
        if (entry.overlapped || entry.faults !== world.calls.faults || !file.quiet) return null;
        check.exercised++;
        const { rows } = file;
        for (let row = 0; row < rows.count; row++) {
          const code = rows.code[row]!;
          if ((code & Code.below) === 0 || (code & Code.data) !== Fork.delay) continue;
          const { blockSize } = world.geometry;
          const block = rows.block[row]!;
          return world.finding(
            'INV-13',
            file.id,
            block * blockSize,
            blockSize,
            `block ${block} is delayed after ${call.name} returned 0`,
          );
        }
        return null;
      },
    };
    return check;
  },
};
