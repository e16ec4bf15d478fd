/** INV-42 no early conversion: unwritten becomes written only after every sector of the block was written and the write completed (WB-51, DIO-41). */
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { unfinishedWrite } from './engine/finished-writes.js';

export const inv42: CheckDefinition = {
  id: 'INV-42',
  checks: 'unwritten becomes written only after every sector of the block was written and the write completed',
  exercised: 'a block that was converted',
  silent: 'a block that a direct request in progress wrote in part is INV-52',
  hears: ['convert'],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-42',
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
            'INV-42',
            file,
            block * blockSize,
            blockSize,
            `block ${block} was converted to device block ${target + i}, ${fault}`,
          );
        }
        return null;
      },
    };
    return check;
  },
};
