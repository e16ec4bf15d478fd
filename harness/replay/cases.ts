/** Replayed traces as a list of cases: each trace on each target. */
import { stripVTControlCharacters } from 'node:util';
import { type Case, failed, passed, type Suite, skipped } from '../results/suite.js';
import type { ReplayOutcome } from './outcome.js';
import { outcomeLines } from './report.js';

/** `lacking`: traces that could not be replayed here, with what this machine lacks. */
export function casesOfReplay(
  outcomes: readonly ReplayOutcome[],
  lacking: readonly { readonly trace: string; readonly why: string }[],
): Suite {
  return {
    name: 'replay',
    seconds: null,
    cases: [...outcomes.map(caseOf), ...lacking.map(({ trace, why }) => skipped('all', trace, why))],
  };
}

function caseOf(outcome: ReplayOutcome): Case {
  const { trace, target, verdict } = outcome;
  if (verdict === 'clean') return passed(target, trace);
  return failed(target, trace, stripVTControlCharacters(outcomeLines(outcome).join('\n')));
}
