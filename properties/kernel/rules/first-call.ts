/**
 * The first call of an iteration has done nothing yet: no error, and something to do (MAP-36). Its length is computed from
 * an empty mapping, so it is 0 at position 0 and the whole request elsewhere (kernel-facts.md section 4); what cannot be
 * either is the business of K-PAIR.
 */
import type { KernelRule } from '../rule.js';

export const firstCall: KernelRule = {
  id: 'K-FIRST',
  sentence: 'An iteration starts without an error, and an error ends it.',
  sources: ['MAP-36', 'MAP-61'],
  exercised: 'an iteration began',
  lines: 1,
  watch(world, judge) {
    return {
      iter(event) {
        if (event.status > 0) judge.broken(event, `the status ${event.status} is neither 0 nor an error`);
        else if (world.step?.is === 'next') return;
        else if (event.status < 0)
          judge.broken(event, `a first call with the error ${event.status} of an earlier mapping`);
        else judge.held();
      },
    };
  },
};
