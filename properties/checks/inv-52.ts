/** INV-52 whole blocks: data and zeroes of a direct request cover a block before it is converted (DIO-22, DIO-23, DIO-70). */
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv52: CheckDefinition = {
  id: 'INV-52',
  checks:
    'a block that a direct request turns from unwritten to written, or remaps, was written completely, its zeroes included',
  exercised: 'a block converted or remapped inside a direct request',
  hears: ['convert', 'remap'],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-52',
      exercised: 0,
      event(_kind, file, first, count, target) {
        const { blockSize } = world.geometry;
        const { written, whole } = world.blocks;
        for (let i = 0; i < count; i++) {
          const start = (first + i) * blockSize;
          if (!world.requests.overlaps(file, start, start + blockSize)) continue;
          check.exercised++;
          const word = written[target + i]!;
          if (word === 0 || word === whole) continue;
          return world.finding(
            'INV-52',
            file,
            start,
            blockSize,
            `block ${first + i} becomes visible in device block ${target + i}, of which only a part was written (DIO-22)`,
          );
        }
        return null;
      },
    };
    return check;
  },
};
