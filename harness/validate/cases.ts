/** Validated recordings as a list of cases: every rule, and each finding of a rule that is broken. */
import { failed, passed, type Suite, skipped } from '../results/suite.js';
import type { ValidateJson } from './report.js';

export function casesOfValidation({ checks, findings }: ValidateJson): Suite {
  const broken = new Set(findings.map(({ id }) => id));
  return {
    name: 'validate',
    seconds: null,
    cases: [
      ...findings.map(({ line, id, message }) => failed('rules', `${id} line ${line}`, message)),
      ...Object.keys(checks)
        .filter(id => !broken.has(id))
        .map(id =>
          checks[id]! > 0 ? passed('rules', id) : skipped('rules', id, 'nothing was recorded that it judges'),
        ),
    ],
  };
}
