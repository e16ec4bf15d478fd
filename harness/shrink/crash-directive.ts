/**
 * The crash of a trace is named twice in the course of shrinking: as found, by position and survivors, which is judged at
 * once but falls out of place when calls around it change; and as any state of any position in its call, which is robust
 * and dear. Long traces are shrunk under the first, short ones under the second, and what is left is named exactly again.
 */
import type { TargetFactory } from '../../model/contract/index.js';
import type { Action, Trace, TraceLine } from '../../traces/format/index.js';
import { forbiddenCrash } from '../replay/program.js';
import type { Tools } from '../replay/tools.js';

/** Traces of at most so many lines are tried with every state of the call in which power is lost. */
const SHORT = 24;

/** With any state of the last crash; null if there is none, or too much around it. */
export function withAnyState(trace: Trace): Trace | null {
  const last = trace.lines.findLastIndex(line => crashOf(line) !== undefined);
  if (last < 0 || trace.lines.length > SHORT) return null;
  return { ...trace, lines: trace.lines.map((line, index) => (index === last ? renamed(line, 1, null) : line)) };
}

/** With the position and the survivors that show it. */
export function withExactState(trace: Trace, factory: TargetFactory, tools: Tools): Trace {
  const point = forbiddenCrash(trace, factory, tools);
  if (point === null) return trace;
  return {
    ...trace,
    lines: trace.lines.map(line => (isAnyAt(line, point.op) ? renamed(line, point.nth, point.survive) : line)),
  };
}

type Crash = Extract<Action, { readonly kind: 'crash' }>;

function crashOf(line: TraceLine): Crash | undefined {
  return line.kind === 'directive' ? line.actions.find(action => action.kind === 'crash') : undefined;
}

function isAnyAt(line: TraceLine, op: number): boolean {
  return line.kind === 'directive' && line.op === op && crashOf(line)?.survive === null;
}

function renamed(line: TraceLine, nth: number, survive: Crash['survive']): TraceLine {
  return line.kind === 'directive' ? { ...line, nth, actions: [{ kind: 'crash', survive }] } : line;
}
