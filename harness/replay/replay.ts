/** Replays one trace on one target and says what came of it. */
import type { Finding, TargetFactory } from '../../model/contract/index.js';
import type { Trace } from '../../traces/format/index.js';
import { ScriptedAdversary } from '../adversaries/scripted.js';
import { Closing } from './closing.js';
import { LAYOUT } from './compare.js';
import { judgesOf } from './judges.js';
import { modelFor } from './model-for.js';
import { ModelSession } from './model-session.js';
import { named } from './named.js';
import type { Problem, ReplayOutcome, ReplayVerdict } from './outcome.js';
import { type Script, scriptOf } from './script.js';
import type { Session } from './session.js';
import { signatureOf } from './signature.js';
import { TargetSession } from './target-session.js';
import { type Follower, Walk } from './walk.js';

/** Makes what is told of each step of a run on a target, if anything is. */
export type FollowerOf = (session: Session) => Follower;

/** On the model itself. */
export function replayOnModel(trace: Trace, name: string, follow: FollowerOf | null): ReplayOutcome {
  const script = scriptOf(trace);
  // What is left of a run after a crash is known only where there is a device.
  const until = trace.lines.findIndex(line => line.kind === 'operation' && script.crashes.has(line.call.id));
  const line = trace.lines[until];
  if (line?.kind === 'operation') {
    const outcome = replayOnModel({ ...trace, lines: trace.lines.slice(0, until) }, name, follow);
    return { ...outcome, until: line.call.id };
  }
  const session = new ModelSession(modelFor(trace.header), script);
  return replayOn(session, trace, name, follow, () => []);
}

/** On a target, judged by the model and the checks. `target` is the word it goes by. */
export function replayOnTarget(
  trace: Trace,
  name: string,
  target: string,
  factory: TargetFactory,
  follow: FollowerOf | null,
): ReplayOutcome {
  const { tools, before } = judgesOf(trace, factory);
  const script = scriptOf(trace);
  const adversary = new ScriptedAdversary(script.deviations);
  // Where tasks run beside each other, or power is lost, the model cannot go where the recording went.
  const follows = !adversary.orders && script.crashes.size === 0 && mayVary(trace);
  const recording = follows ? new ModelSession(modelFor(trace.header), script) : null;
  const session = new TargetSession(target, factory, trace.header, adversary, tools, script, recording);
  const outcome = replayOn(session, trace, name, follow, () => missedOf(trace, adversary, script, session));
  return before === null ? outcome : { ...outcome, before: named(before, trace) };
}

/** What was recorded may be otherwise on another target: where data lay, and what a shutdown left. */
function mayVary({ lines }: Trace): boolean {
  return lines.some(line => {
    if (line.kind === 'operation')
      return line.call.name === 'shutdown' || (line.answer !== null && LAYOUT.has(line.call.name));
    if (line.kind === 'expectation')
      return (
        line.state.extents !== undefined || line.state.seekCold !== undefined || line.state.seekCached !== undefined
      );
    return line.kind === 'seekMap' && line.answer !== null;
  });
}

function replayOn(
  session: Session,
  trace: Trace,
  name: string,
  follow: FollowerOf | null,
  missed: () => ReplayOutcome['missed'],
): ReplayOutcome {
  const walk = new Walk(session, follow?.(session) ?? null);
  const closing = new Closing(session, trace, walk.nextId);
  const files = walk.program(trace) ? closing.run() : null;
  const problems = [...walk.problems, ...closing.problems].map(problem => named(problem, trace));
  const finding = session.finding === null ? null : named(session.finding, trace);
  return {
    trace: name,
    target: session.target,
    files: files ?? {},
    parted: closing.parted,
    answers: walk.answers,
    missed: missed(),
    problems,
    known: session.known,
    finding,
    before: null,
    // The model cannot show what an implementation did wrong.
    gone:
      trace.verdict.kind === 'violation' && finding === null && session.target !== 'model' ? trace.verdict.id : null,
    until: null,
    verdict: verdictOf(trace, finding, problems),
    results: walk.results,
    operations: walk.operations,
  };
}

function verdictOf(trace: Trace, finding: Finding | null, problems: readonly Problem[]): ReplayVerdict {
  if (finding !== null) {
    const { verdict } = trace;
    const same = verdict.kind === 'violation' && verdict.signature === signatureOf(finding, trace);
    return same ? 'reproduced' : 'other-violation';
  }
  return problems.length > 0 ? 'expected-answer-missing' : 'clean';
}

function missedOf(
  trace: Trace,
  adversary: ScriptedAdversary,
  script: Script,
  session: TargetSession,
): ReplayOutcome['missed'] {
  const unmet = new Set(adversary.missed.map(deviation => script.directiveOf.get(deviation)));
  return trace.lines
    .filter(line => line.kind === 'directive')
    .filter(
      line =>
        unmet.has(line) || (session.crashesMissed.has(line.op) && line.actions.some(action => action.kind === 'crash')),
    );
}
