/** The directives of a trace as what an adversary plays back, and which directive each came from. */
import { type CallId, Y } from '../../model/contract/index.js';
import type { Action, DirectiveLine, Trace } from '../../traces/format/index.js';
import type { Deviation } from '../adversaries/recording.js';
import type { CrashPoint } from '../crash/crasher.js';
import { BEGINNING, type Action as Deed } from '../run/adversary.js';

export interface Script {
  readonly deviations: readonly Deviation[];
  /** The directive that a deviation comes from. */
  readonly directiveOf: ReadonlyMap<Deviation, DirectiveLine>;
  /** Where power is lost, by the operation in which it is. */
  readonly crashes: ReadonlyMap<CallId, CrashPoint>;
  /** The file system is shut down somewhere: its journal has to be on the device. */
  readonly shutsDown: boolean;
}

export function scriptOf(trace: Trace): Script {
  const directiveOf = new Map<Deviation, DirectiveLine>();
  for (const line of trace.lines)
    if (line.kind === 'directive') for (const deviation of deviationsOf(line)) directiveOf.set(deviation, line);
  const crashes = new Map<CallId, CrashPoint>();
  for (const line of trace.lines) {
    const crash = line.kind === 'directive' ? line.actions.find(action => action.kind === 'crash') : undefined;
    if (line.kind === 'directive' && crash !== undefined)
      crashes.set(line.op, { op: line.op, nth: line.nth, survive: crash.survive });
  }
  const shutsDown = trace.lines.some(line =>
    line.kind === 'directive'
      ? line.actions.some(action => action.kind === 'call' && action.call.name === 'shutdown')
      : line.kind === 'operation' && line.call.name === 'shutdown',
  );
  return { deviations: [...directiveOf.keys()], directiveOf, crashes, shutsDown };
}

/** Failures and values are deviations of their own; what happens at a place, or before the first step, is one together. */
function deviationsOf(line: DirectiveLine): Deviation[] {
  const { op, nth } = line;
  if (line.actions.some(action => action.kind === 'crash')) return [];
  const deeds = line.actions.flatMap(action => deedOf(action) ?? []);
  if (deeds.length > 0) return [{ op, nth, point: line.point === null ? BEGINNING : Y[line.point], actions: deeds }];
  return line.actions.map((action): Deviation => {
    if (action.kind === 'choice') return { op, nth, choice: action.label, value: action.answer };
    if (action.kind === 'bio') {
      const { file, offset, length } = action;
      return { op, nth, bio: { file, offset, length }, status: action.errno };
    }
    throw new Error(`a ${action.kind} needs a point`);
  });
}

function deedOf(action: Action): Deed | null {
  if (action.kind === 'call') return action.call;
  if (action.kind === 'run')
    return { run: action.task, until: action.until === null ? null : Y[action.until], times: action.times };
  if (action.kind === 'io') {
    const { file, offset, length } = action;
    return { finish: { file, offset, length }, kind: action.bio };
  }
  return null;
}
