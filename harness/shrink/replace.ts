/**
 * Fewer steps by other steps, where none can simply go: what was injected into an operation becomes operations of the
 * program in its place, and two steps become one plain `fsync`, which writes back, completes and reports all that many
 * roundabout steps were needed for. Which operation shows the failure may change on the way; the rule may not.
 */
import { type Call, makeCall } from '../../model/contract/index.js';
import {
  countSteps,
  type DirectiveLine,
  type OperationLine,
  type Trace,
  type TraceLine,
} from '../../traces/format/index.js';
import type { Attempt } from './attempt.js';

/** Longer traces are left alone: there are a quadratic number of pairs. */
const SHORT = 16;

/** Replaces steps as long as that leaves fewer of them. */
export function replaceSteps(trace: Trace, attempt: Attempt): Trace {
  let best = trace;
  for (let again = true; again; ) {
    again = false;
    if (best.lines.length > SHORT) return best;
    for (const candidate of candidates(best)) {
      if (countSteps(candidate) >= countSteps(best)) continue;
      const smaller = attempt(candidate, 'rule');
      if (smaller === null) continue;
      best = smaller;
      again = true;
      break;
    }
  }
  return best;
}

function* candidates(trace: Trace): Iterable<Trace> {
  for (const [index, line] of trace.lines.entries())
    if (line.kind === 'operation') {
      yield* lifted(trace, line);
      for (let gone = 0; gone < trace.lines.length; gone++) if (gone !== index) yield fsyncFor(trace, line, gone);
    }
}

/** The operation gone, and the calls that one of its directives injected in its place; or one of these calls only. */
function* lifted(trace: Trace, line: OperationLine): Iterable<Trace> {
  const ofIt = directivesOf(trace, line);
  for (const directive of ofIt) {
    const calls = directive.actions.flatMap(action => (action.kind === 'call' ? [action.call] : []));
    if (calls.length < directive.actions.length) continue;
    for (const chosen of [calls, ...calls.map(call => [call])]) {
      const lines = chosen.map(
        (call, index): OperationLine => ({
          kind: 'operation',
          call: { ...call, id: index === chosen.length - 1 ? line.call.id : fresh(trace) + index },
          answer: null,
        }),
      );
      yield {
        ...trace,
        lines: trace.lines.flatMap(other => (other === line ? lines : other === directive ? [] : [other])),
      };
    }
  }
}

/** `fsync` of the same file instead of the operation, and another line gone. */
function fsyncFor(trace: Trace, line: OperationLine, gone: number): Trace {
  const { id, file, task } = line.call;
  const call: Call = makeCall(id, 'fsync', file, { task: Math.max(1, task) });
  const removed = trace.lines[gone]!;
  const lines = trace.lines
    .filter(other => other !== removed && !belongsTo(other, removed))
    .map((other): TraceLine => (other === line ? { ...line, call } : other));
  return { ...trace, lines };
}

function directivesOf(trace: Trace, line: OperationLine): DirectiveLine[] {
  return trace.lines.filter((other): other is DirectiveLine => belongsTo(other, line));
}

function belongsTo(line: TraceLine, operation: TraceLine): boolean {
  return line.kind === 'directive' && operation.kind === 'operation' && line.op === operation.call.id;
}

/** A name that no operation has. */
function fresh(trace: Trace): number {
  return 1 + Math.max(...trace.lines.map(line => (line.kind === 'operation' ? line.call.id : 0)));
}
