/** INV-20 D implies U: a dirty block holds file content (PC-04). */
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv20: CheckDefinition = {
  id: 'INV-20',
  checks: 'each dirty block is uptodate',
  exercised: 'a look at a file with a dirty block',
  silent: 'locked folios',
  block: {
    concerns: b => b.dirty && !b.locked,
    holds: b => b.uptodate,
  },
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-20',
      exercised: 0,
      judgeBlock(file, row) {
        const { blockSize } = world.geometry;
        const block = file.rows.block[row]!;
        return world.finding(
          'INV-20',
          file.id,
          block * blockSize,
          blockSize,
          `block ${block} is dirty but not uptodate (PC-04)`,
        );
      },
    };
    return check;
  },
};
