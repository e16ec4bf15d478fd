/** Explored programs as a list of cases: those with a forbidden state by name, the others together. */
import { failed, passed, type Suite } from '../results/suite.js';
import type { ExploreReport } from './report.js';

export function casesOfExploration({ scenarios }: ExploreReport): Suite {
  return {
    name: 'explore',
    seconds: scenarios.reduce((sum, { seconds }) => sum + seconds, 0),
    cases: scenarios.flatMap(({ name, parameters, violations }) => {
      const clean = parameters.programs - violations.length;
      return [
        ...violations.map(({ program, id, message, trace }) =>
          failed(name, program, [`${id}: ${message}`, ...(trace === null ? [] : [`trace: ${trace}`])].join('\n')),
        ),
        ...(clean > 0 ? [passed(name, `${clean} programs without a forbidden state`)] : []),
      ];
    }),
  };
}
