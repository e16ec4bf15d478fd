/** INV-45 ioend shape: contiguous in the file and on the device, of one kind, also after merging (WB-20 … 27, WB-40, WB-85). */
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv45: CheckDefinition = {
  id: 'INV-45',
  checks:
    'each submitted or merged ioend is made of pieces of one kind that are contiguous in the file and on the device, and goes to mapped blocks',
  exercised: 'an ioend submitted or merged',
  hears: ['ioend-submit', 'ioend-merge'],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-45',
      exercised: 0,
      event(_kind, file, offset, length) {
        check.exercised++;
        const { trouble } = world.ioends;
        return trouble === '' ? null : world.finding('INV-45', file, offset, length, trouble);
      },
    };
    return check;
  },
};
