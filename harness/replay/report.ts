/** What `replay` says: the lines a person reads, and the JSON. */
import pc from 'picocolors';
import { answerJson, type DirectiveLine, lineJson, namesOf, type Trace } from '../../traces/format/index.js';
import type { ReplayOutcome, ReplayVerdict } from './outcome.js';

/** The version of the JSON. */
const SCHEMA = 1;

const WORDS: Readonly<Record<ReplayVerdict, (outcome: ReplayOutcome) => string>> = {
  clean: outcome =>
    `${pc.green('clean')}${reach(outcome)}${outcome.answers.length > 0 ? `, ${outcome.answers.length} recorded answer${outcome.answers.length === 1 ? '' : 's'}` : ''}`,
  reproduced: outcome => `${pc.red('reproduced')} ${outcome.finding?.id ?? ''}`,
  'other-violation': outcome => `${pc.red('violation')} ${outcome.finding?.id ?? ''}`,
  'expected-answer-missing': outcome =>
    `${pc.red('not as recorded')}, ${outcome.problems.length} ${outcome.problems.length === 1 ? 'difference' : 'differences'}`,
};

/** How far the run went. */
function reach({ until, operations }: ReplayOutcome): string {
  return until === null
    ? `, ${operations} operation${operations === 1 ? '' : 's'}`
    : ` up to #${until}, in which power is lost`;
}

/** Problems printed for one trace; more are counted. */
const MOST_PROBLEMS = 8;

/** One line for each outcome, and what is wrong below it. */
export function outcomeLines(outcome: ReplayOutcome): string[] {
  const lines = [`${outcome.trace} on ${outcome.target}: ${WORDS[outcome.verdict](outcome)}`];
  if (outcome.finding !== null) lines.push(`  ${pc.bold(outcome.finding.id)} ${outcome.finding.message}`);
  if (outcome.gone !== null) lines.push(`  recorded ${pc.bold(outcome.gone)} did not show again`);
  if (outcome.before !== null)
    lines.push(`  before it, an always-on check finds ${pc.bold(outcome.before.id)} ${outcome.before.message}`);
  for (const { op, message } of outcome.problems.slice(0, MOST_PROBLEMS))
    lines.push(`  ${op === null ? '' : `#${op} `}${message}`);
  if (outcome.problems.length > MOST_PROBLEMS)
    lines.push(pc.dim(`  … and ${outcome.problems.length - MOST_PROBLEMS} more`));
  for (const { op, message } of outcome.known) lines.push(`  ${op === null ? '' : `#${op} `}${pc.dim(message)}`);
  for (const line of outcome.missed) lines.push(pc.yellow(`  ${missedIn(line)}`));
  return lines;
}

function missedIn({ op, point, nth, actions }: DirectiveLine): string {
  if (actions.some(({ kind }) => kind === 'crash'))
    return `the crash in #${op}, before its device event ${nth}, was missed: that event, or a write that survives, was not there`;
  return `the directive at #${op}, ${point ?? 'a choice'}, time ${nth}, was missed: its place, or what it names, was not there`;
}

/** The report of `--json`. With one trace and one target its fields stand at the top too. */
export function replayJson(outcomes: readonly { readonly outcome: ReplayOutcome; readonly trace: Trace }[]): object {
  const traces = outcomes.map(({ outcome, trace }) => ({
    trace: outcome.trace,
    target: outcome.target,
    files: outcome.files,
    answers: outcome.answers.map(({ step, expected, got }) => ({
      step,
      expected: answerJson(expected),
      got: answerJson(got),
    })),
    missed: outcome.missed.map(line => lineJson(line, namesOf(trace.header))),
    problems: outcome.problems,
    known: outcome.known,
    finding: outcome.finding === null ? null : { id: outcome.finding.id, message: outcome.finding.message },
    verdict: outcome.verdict,
  }));
  return { schema: SCHEMA, ...(traces.length === 1 ? traces[0] : {}), traces };
}
