/** INV-43 COW order: a copy-on-write block replaces the old one only after its data write completed (WB-52, DIO-42). */
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { unfinishedWrite } from './engine/finished-writes.js';

export const inv43: CheckDefinition = {
  id: 'INV-43',
  checks: 'a copy-on-write block replaces the old one only after its data write completed',
  exercised: 'a block that was remapped',
  silent: 'a block that a direct request in progress wrote in part is INV-52',
  hears: ['remap'],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-43',
      exercised: 0,
      event(_kind, file, first, count, target) {
        const { blockSize } = world.geometry;
        for (let i = 0; i < count; i++) {
          check.exercised++;
          const block = first + i;
          const direct = world.requests.over(file, block * blockSize, (block + 1) * blockSize);
          const fault = unfinishedWrite(world.blocks, target + i, direct);
          if (fault === '') continue;
          return world.finding(
            'INV-43',
            file,
            block * blockSize,
            blockSize,
            `block ${block} was remapped to device block ${target + i}, ${fault}`,
          );
        }
        return null;
      },
    };
    return check;
  },
};
