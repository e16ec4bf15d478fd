/** What makes two violations the same: the rule, and the operation that shows it. */
import type { Finding, OperationName } from '../../model/contract/index.js';
import { CLOSING_FROM, type Trace } from '../../traces/format/index.js';
import { INJECTED_FROM } from '../run/engine.js';

/** In the place of an operation: it was none of the trace. */
export const BACKGROUND = 'background';

export function signatureOf(finding: Finding, trace: Trace): string {
  return `${finding.id}/${nameOf(finding.call, trace)}`;
}

function nameOf(id: number, trace: Trace): OperationName | typeof BACKGROUND | 'injected' | 'closing' {
  if (id >= INJECTED_FROM) return 'injected';
  for (const line of trace.lines) if (line.kind === 'operation' && line.call.id === id) return line.call.name;
  return id >= CLOSING_FROM ? 'closing' : BACKGROUND;
}
