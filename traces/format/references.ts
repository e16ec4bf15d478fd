/** What a trace says of its own operations: directives, states on the way and the verdict name operations that it has. */
import { shown } from './errors.js';
import type { DirectiveLine, Trace, TraceLine } from './trace.js';

/** What is wrong, and in which line of the text. */
export interface ReferenceFault {
  readonly line: number;
  readonly expected: string;
  readonly got: string;
}

/** Calls that replay itself makes, at the end of a trace and as injections, are named from here on. */
export const CLOSING_FROM = 900_000;

/** The first line that names an operation that is not there, or null. */
export function referenceFault({ lines, verdict }: Trace): ReferenceFault | null {
  const names = new Set(lines.map(nameOf));
  const crashes = new Set<number>();
  const fault = (index: number, what: string, got: number): ReferenceFault => ({
    // The header is line 1.
    line: index + 2,
    expected: `${what} to be the name of an operation of the trace`,
    got: shown(got),
  });
  for (const [index, line] of lines.entries()) {
    if (line.kind === 'directive' && !names.has(line.op)) return fault(index, 'at.op', line.op);
    if (line.kind === 'directive' && losesPower(line)) {
      if (crashes.has(line.op))
        return { line: index + 2, expected: 'one crash in an operation', got: `another in ${shown(line.op)}` };
      crashes.add(line.op);
    }
    if (line.kind === 'expectation' && line.after !== null && !names.has(line.after))
      return fault(index, 'after', line.after);
  }
  if (verdict.kind === 'violation' && verdict.op >= 0 && verdict.op < CLOSING_FROM && !names.has(verdict.op))
    return fault(lines.length, 'op', verdict.op);
  return null;
}

function losesPower(line: DirectiveLine): boolean {
  return line.actions.some(action => action.kind === 'crash');
}

function nameOf(line: TraceLine): number | null {
  if (line.kind === 'operation') return line.call.id;
  return line.kind === 'seekMap' ? line.id : null;
}
