/**
 * Fewer steps by other steps, where none can simply go: what was injected into an operation becomes operations of the
 * program in its place, what an insert or a collapse moved lies there from the beginning, two that store become one write,
 * and two steps become one plain `fsync`, which writes back, completes and reports all that many roundabout steps were
 * needed for. Which operation shows the failure may change on the way; the rule may not.
 */
import { type Call, makeCall } from '../../model/contract/index.js';
import { countSteps, type OperationLine, type Trace, type TraceLine } from '../../traces/format/index.js';
import type { Attempt } from './attempt.js';
import { belongsTo, lifted } from './lift.js';
import { merged } from './merge.js';
import { shifted } from './shift.js';

/** Longer traces are left alone: there are a quadratic number of pairs. */
const SHORT = 16;

/** Replaces steps as long as that leaves fewer of them, or as many with fewer directives. */
export function replaceSteps(trace: Trace, attempt: Attempt): Trace {
  let best = trace;
  for (let again = true; again; ) {
    again = false;
    if (best.lines.length > SHORT) return best;
    for (const candidate of candidates(best)) {
      if (weight(candidate) >= weight(best)) continue;
      const smaller = attempt(candidate, 'rule');
      if (smaller === null) continue;
      best = smaller;
      again = true;
      break;
    }
  }
  return best;
}

/** Steps count first. */
function weight(trace: Trace): number {
  const directives = trace.lines.filter(line => line.kind === 'directive').length;
  return countSteps(trace) + directives / (trace.lines.length + 1);
}

function* candidates(trace: Trace): Iterable<Trace> {
  for (const [index, line] of trace.lines.entries())
    if (line.kind === 'operation') {
      yield* lifted(trace, line);
      yield* shifted(trace, line);
      yield* merged(trace, line);
      for (let gone = 0; gone < trace.lines.length; gone++) if (gone !== index) yield fsyncFor(trace, line, gone);
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
