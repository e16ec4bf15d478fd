/**
 * Within an iteration everything but the position stays: the flags and the table that begin got are those that the next
 * begin and end get (MAP-41).
 */

import { opFlagNames } from '../../../model/contract/op-flags.js';
import type { KernelRule } from '../rule.js';

export const constant: KernelRule = {
  id: 'K-CONSTANT',
  sentence: 'All steps of an iteration have the same flags and the same operations.',
  sources: ['MAP-41', 'INV-04'],
  exercised: 'a mapping was ended',
  lines: 2,
  watch(world, judge) {
    return {
      iter(event) {
        const { step } = world;
        if (step?.is !== 'next') return;
        const { first } = step.iteration;
        if (event.flags !== first.flags) {
          judge.broken(
            event,
            `began with ${opFlagNames(first.flags).join('|') || 'no flags'}, goes on with ${opFlagNames(event.flags).join('|') || 'none'}`,
            first,
          );
        } else if (event.ops !== first.ops)
          judge.broken(event, `began with ${first.ops}, goes on with ${event.ops}`, first);
        else judge.held();
      },
    };
  },
};
