/**
 * Shrinking of failures on a target: what "fails in the same way" means (the same rule, shown by the same operation,
 * unless a candidate has another operation in its place) and the trace that comes of it, with the verdict of its own run.
 */
import type { Finding, RuleId, TargetFactory } from '../../model/contract/index.js';
import type { Trace, Verdict } from '../../traces/format/index.js';
import { named } from '../replay/named.js';
import { runProgram } from '../replay/program.js';
import { BACKGROUND, signatureOf } from '../replay/signature.js';
import { Tools } from '../replay/tools.js';
import type { Likeness } from './attempt.js';
import { withAnyState, withExactState } from './crash-directive.js';
import { type ShrinkProgress, shrink } from './shrink.js';

export { type ShrinkProgress, shrink } from './shrink.js';

/** That nothing comes to an end, which the runner finds out by running it for long. */
const ENDLESS: RuleId = 'INV-73';
/** Yields after which a call of a candidate counts as endless; what only needs more is noticed at the end. */
const SOON = 10_000;
/** Tries with every state of a crash, of which one may take a second; the steps that can go are gone after a hundred. */
const DEAR_ATTEMPTS = 400;

/**
 * The smallest trace that fails on the target as `trace` does now; `trace` itself, with its verdict, if it does not fail.
 * Whoever shrinks several keeps the tools.
 */
export function shrinkTrace(
  trace: Trace,
  factory: TargetFactory,
  progress: (now: ShrinkProgress) => void = () => {},
  tools = new Tools(),
): Trace {
  const finding = runProgram(trace, factory, tools);
  if (finding === null) return trace;
  const { stepLimit } = tools;
  if (finding.id === ENDLESS) tools.stepLimit = SOON;
  let small = smallest(trace, finding, factory, progress, tools);
  tools.stepLimit = stepLimit;
  let shown = runProgram(small, factory, tools);
  // What only seemed endless is shrunk again with the usual patience.
  if (shown?.id !== finding.id) {
    small = smallest(trace, finding, factory, progress, tools);
    shown = runProgram(small, factory, tools);
  }
  return { ...small, verdict: verdictOf(shown ?? finding, small) };
}

function smallest(
  trace: Trace,
  finding: Finding,
  factory: TargetFactory,
  progress: (now: ShrinkProgress) => void,
  tools: Tools,
): Trace {
  let signature = signatureOf(finding, trace);
  const fails = (candidate: Trace, likeness: Likeness): boolean => {
    const found = runProgram(candidate, factory, tools);
    if (found?.id !== finding.id) return false;
    const shown = signatureOf(found, candidate);
    if (likeness === 'same') return shown === signature;
    signature = shown;
    return true;
  };
  const small = shrink(trace, fails, progress);
  const loose = withAnyState(small);
  if (loose === null || !fails(loose, 'same')) return small;
  const exact = withExactState(shrink(loose, fails, progress, DEAR_ATTEMPTS), factory, tools);
  return fails(exact, 'same') ? exact : small;
}

/** The verdict of a trace in which this was found. */
export function verdictOf(finding: Finding, trace: Trace): Verdict {
  const { id, message } = named(finding, trace);
  const signature = signatureOf(finding, trace);
  // A call that the trace leaves out is named by nobody.
  const op = signature.endsWith(`/${BACKGROUND}`) ? -1 : finding.call;
  return { kind: 'violation', id, signature, message, op };
}
