/** A campaign as a list of cases: each rule that was judged, what the campaign owed, and what is known to be wrong. */
import { failed, known, passed, type Suite, skipped } from '../results/suite.js';
import { overdue, type RunReport, type ViolationReport } from './report.js';

export function casesOfRun(name: string, report: RunReport): Suite {
  const { checks, violations, obligations, neglected } = report;
  const owed = overdue(report);
  const knownIds = new Set(report.known.map(({ id }) => id));
  const found = [...new Set(violations.map(({ id }) => id))];
  const rules = Object.keys(checks).filter(id => !knownIds.has(id) && !found.includes(id));
  return {
    name,
    seconds: report.seconds,
    cases: [
      ...violations.map(violation => failed('rules', violation.id, told(violation))),
      ...report.known.map(({ id, reason, count }) => (count > 0 ? known('rules', id, reason) : passed('rules', id))),
      ...rules.map(id =>
        checks[id]! > 0 ? passed('rules', id) : skipped('rules', id, 'nothing happened that it judges'),
      ),
      ...Object.keys(obligations.met).map(what => passed('obligations', what)),
      ...obligations.missed.map(what =>
        owed.includes(what) ? failed('obligations', what, 'never happened') : skipped('obligations', what, 'not owed'),
      ),
      ...neglected.map(what => failed('duty', what, what)),
    ],
  };
}

function told({ message, trace, operations, lane, note }: ViolationReport): string {
  const where = `after ${operations} operations of lane ${lane}`;
  return [message, where, ...(note === null ? [] : [note]), ...(trace === null ? [] : [`trace: ${trace}`])].join('\n');
}
