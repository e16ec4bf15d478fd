/**
 * Simpler schedules: what another task does in the middle of a call is put before it as a call of its own, or is done there
 * as an action without a call; and a task that stops at a point goes on to its end. Each leaves fewer runs of other tasks.
 */
import { operationShape } from '../../model/contract/index.js';
import type { Action, DirectiveLine, OperationLine, Trace, TraceLine } from '../../traces/format/index.js';

type Run = Extract<Action, { kind: 'run' }>;

/** Every trace with one run less, or one that goes further. */
export function* unrolled(trace: Trace): Iterable<Trace> {
  for (const [index, line] of trace.lines.entries()) {
    if (line.kind !== 'directive') continue;
    for (const [place, action] of line.actions.entries()) {
      if (action.kind !== 'run') continue;
      const next = nextOf(trace, line, action);
      if (next !== null) {
        yield withActions(drop(trace, next), line, replaced(line.actions, place, [injected(next)]));
        yield before(withActions(trace, line, replaced(line.actions, place, [])), next, line.op);
      }
      if (action.until !== null)
        yield withLine(trace, index, {
          ...line,
          actions: replaced(line.actions, place, [{ ...action, until: null, times: 1 }]),
        });
    }
  }
}

/** The call that the run is likely to be of: the first of its task behind the call in whose middle it is. */
function nextOf({ lines }: Trace, { op }: DirectiveLine, { task }: Run): OperationLine | null {
  const from = lines.findIndex(line => line.kind === 'operation' && line.call.id === op);
  for (const line of lines.slice(from + 1)) if (line.kind === 'operation' && line.call.task === task) return line;
  return null;
}

/** The call as something done in the middle of another; background work is nobody's. */
function injected({ call }: OperationLine): Action {
  const { id: _, ...rest } = call;
  const background = operationShape(call.name).background === true;
  return { kind: 'call', call: background ? { ...rest, task: 0 } : rest };
}

function replaced(actions: readonly Action[], place: number, by: readonly Action[]): readonly Action[] {
  return [...actions.slice(0, place), ...by, ...actions.slice(place + 1)];
}

/** Without the call, and what is to happen in it. */
function drop(trace: Trace, { call }: OperationLine): Trace {
  const belongs = (line: TraceLine): boolean =>
    line.kind === 'operation' ? line.call.id === call.id : line.kind === 'directive' && line.op === call.id;
  return { ...trace, lines: trace.lines.filter(line => !belongs(line)) };
}

/** With other actions at the place of the directive; a directive without any goes. */
function withActions(trace: Trace, directive: DirectiveLine, actions: readonly Action[]): Trace {
  const lines = trace.lines.flatMap(line =>
    line !== directive ? [line] : actions.length === 0 ? [] : [{ ...directive, actions }],
  );
  return { ...trace, lines };
}

function withLine(trace: Trace, index: number, line: TraceLine): Trace {
  return { ...trace, lines: trace.lines.map((other, place) => (place === index ? line : other)) };
}

/** The call comes before that of this name. */
function before(trace: Trace, moved: OperationLine, op: number): Trace {
  const lines = trace.lines.flatMap(line => {
    if (line === moved) return [];
    return line.kind === 'operation' && line.call.id === op ? [moved, line] : [line];
  });
  return { ...trace, lines };
}
