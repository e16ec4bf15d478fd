/** INV-59 no wrap: positions, lengths and sizes stay inside the largest file (MAP-02). */
import { IterStep, LARGEST_FILE } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv59: CheckDefinition = {
  id: 'INV-59',
  checks:
    'the positions and lengths of iterations, and the in-core size, are whole numbers up to the largest file size',
  exercised: 'a begin, or a change of the in-core size',
  silent: 'the last folio may reach behind the largest size',
  steps: [IterStep.beginning],
  hears: ['isize'],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-59',
      exercised: 0,
      iteration(_step, { file, pos, length }) {
        check.exercised++;
        const end = pos + length;
        if (pos >= 0 && length >= 0 && Number.isSafeInteger(end) && end <= LARGEST_FILE + world.geometry.maxFolioSize)
          return null;
        return world.finding('INV-59', file, pos, length, `begin is asked for ${length} bytes at ${pos}`);
      },
      event(_kind, file, from, to) {
        check.exercised++;
        if (to >= 0 && to <= LARGEST_FILE && Number.isInteger(to)) return null;
        return world.finding('INV-59', file, from, 0, `isize became ${to}`);
      },
    };
    return check;
  },
};
