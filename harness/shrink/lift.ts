/**
 * What was injected into an operation becomes operations of the program in its place: a program without directives is
 * plainer than one with them, and its steps can be removed and simplified one by one.
 */
import type { CallId } from '../../model/contract/index.js';
import type { DirectiveLine, InjectedCall, OperationLine, Trace, TraceLine } from '../../traces/format/index.js';

/** The operation gone, and in its place the calls of one of its directives, one of these calls, or all of all of them. */
export function* lifted(trace: Trace, line: OperationLine): Iterable<Trace> {
  const ofIt = trace.lines.filter((other): other is DirectiveLine => belongsTo(other, line));
  for (const directive of ofIt) {
    const calls = callsOf(directive);
    if (calls.length < directive.actions.length) continue;
    for (const chosen of [calls, ...calls.map(call => [call])]) yield inPlace(trace, line, chosen, [directive]);
  }
  const injecting = ofIt.filter(directive => callsOf(directive).length > 0);
  if (injecting.length === 0) return;
  const calls = injecting.flatMap(callsOf);
  const failures = ofIt.filter(isFailure);
  for (const kept of [failures, ...(failures.length > 1 ? failures.map(failure => [failure]) : [])]) {
    // A failure belongs to one of the calls now, or to an operation behind them, and is met there for the first time.
    for (let place = calls.length; place > 0; place--) yield inPlace(trace, line, calls.slice(0, place), ofIt, kept);
    for (let place = calls.length - 2; place >= 0; place--)
      yield inPlace(trace, line, [...calls.slice(0, place), ...calls.slice(place + 1), calls[place]!], ofIt, kept);
    if (kept.length > 0)
      for (const later of operationsBehind(trace, line))
        for (const chosen of [calls, ...calls.map(call => [call])])
          yield inPlace(trace, line, chosen, ofIt, kept, later.call.id);
  }
}

/** The next few operations: what waits for the I/O that fails is near. */
function operationsBehind(trace: Trace, line: OperationLine): OperationLine[] {
  const behind = trace.lines.slice(trace.lines.indexOf(line) + 1);
  return behind.filter((other): other is OperationLine => other.kind === 'operation').slice(0, 2);
}

function callsOf(directive: DirectiveLine): InjectedCall[] {
  return directive.actions.flatMap(action => (action.kind === 'call' ? [action.call] : []));
}

function isFailure({ point, actions }: DirectiveLine): boolean {
  return point === null && actions.every(action => action.kind === 'bio' || action.kind === 'choice');
}

/**
 * `calls` instead of the operation, whose name the last has; these directives gone, `kept` met by the operation `meeting`
 * for the first time.
 */
function inPlace(
  trace: Trace,
  line: OperationLine,
  calls: readonly InjectedCall[],
  gone: readonly DirectiveLine[],
  kept: readonly DirectiveLine[] = [],
  meeting: CallId = line.call.id,
): Trace {
  const names = fresh(trace);
  const removed = new Set<TraceLine>(gone);
  const lines: TraceLine[] = trace.lines.flatMap(other => {
    if (other !== line) return removed.has(other) ? [] : [other];
    return calls.map((call, index): OperationLine => {
      const id = index === calls.length - 1 ? line.call.id : names + index;
      return { kind: 'operation', call: { ...call, id }, answer: null };
    });
  });
  const place = lines.findIndex(other => other.kind === 'operation' && other.call.id === meeting) + 1;
  lines.splice(place, 0, ...kept.map(failure => ({ ...failure, op: meeting, nth: 1 })));
  return { ...trace, lines };
}

export function belongsTo(line: TraceLine, operation: TraceLine): boolean {
  return line.kind === 'directive' && operation.kind === 'operation' && line.op === operation.call.id;
}

/** A name that no operation has. */
function fresh(trace: Trace): number {
  return 1 + Math.max(...trace.lines.map(line => (line.kind === 'operation' ? line.call.id : 0)));
}
