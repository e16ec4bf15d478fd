/** The directives of a trace as what an adversary plays back, and which directive each came from. */
import { Y } from '../../model/contract/index.js';
import type { Action, DirectiveLine, Trace } from '../../traces/format/index.js';
import type { Deviation } from '../adversaries/recording.js';
import { LackingError } from '../cli/exit.js';
import type { Action as InjectedAction } from '../run/adversary.js';

export interface Script {
  readonly deviations: readonly Deviation[];
  /** The directive that a deviation comes from. */
  readonly directiveOf: ReadonlyMap<Deviation, DirectiveLine>;
}

export function scriptOf(trace: Trace): Script {
  const directiveOf = new Map<Deviation, DirectiveLine>();
  for (const line of trace.lines)
    if (line.kind === 'directive') for (const deviation of deviationsOf(line)) directiveOf.set(deviation, line);
  return { deviations: [...directiveOf.keys()], directiveOf };
}

/** Without a point every action is a deviation of its own; at a point all of them are one. */
function deviationsOf(line: DirectiveLine): Deviation[] {
  const { op, nth } = line;
  if (line.point !== null)
    return [{ op, nth, point: Y[line.point], actions: line.actions.map(action => injected(action)) }];
  return line.actions.map((action): Deviation => {
    if (action.kind === 'choice') return { op, nth, choice: action.label, value: action.answer };
    if (action.kind === 'bio') {
      const { file, offset, length } = action;
      return { op, nth, bio: { file, offset, length }, status: action.errno };
    }
    throw new Error(`a ${action.kind} needs a point`);
  });
}

function injected(action: Action): InjectedAction {
  if (action.kind === 'call') return action.call;
  if (action.kind === 'run')
    throw new LackingError('the trace lets tasks overlap ("run"), which replay cannot schedule yet');
  throw new Error(`a ${action.kind} has no point`);
}
