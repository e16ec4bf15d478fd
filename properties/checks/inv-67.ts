/** INV-67 no reuse before commit: a freed block waits for the transaction that freed it before it takes new data (CR-13). */
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv67: CheckDefinition = {
  id: 'INV-67',
  checks: 'no data is written to a block whose freeing is not durable',
  exercised: 'a data write submitted to the device',
  hears: ['bio-write'],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-67',
      exercised: 0,
      event(_kind, file, addr, length, offset) {
        if (file < 0) return null;
        check.exercised++;
        const { blockSize } = world.geometry;
        const last = Math.ceil((addr + length) / blockSize);
        for (let block = Math.floor(addr / blockSize); block < last; block++)
          if (world.durability.mayComeBack(block))
            return world.finding(
              'INV-67',
              file,
              offset,
              length,
              `[${offset}, ${offset + length}) is written to device block ${block}, whose freeing is not durable yet (CR-13)`,
            );
        return null;
      },
    };
    return check;
  },
};
