/** Two neighbours that lay something out, or store, become one plain write of what both covered. */
import { type Call, makeCall, type OperationName } from '../../model/contract/index.js';
import type { OperationLine, Trace, TraceLine } from '../../traces/format/index.js';
import { belongsTo } from './lift.js';

const LAYING: ReadonlySet<OperationName> = new Set([
  'write',
  'dwrite',
  'mapwrite',
  'zero',
  'falloc',
  'copy',
  'unshare',
]);

/** The operation and the next of its file, as one write that has the name of the second; or none. */
export function* merged(trace: Trace, line: OperationLine): Iterable<Trace> {
  const behind = trace.lines.slice(trace.lines.indexOf(line) + 1);
  const next = behind.find((other): other is OperationLine => other.kind === 'operation');
  if (next === undefined || next.call.file !== line.call.file) return;
  if (!LAYING.has(line.call.name) || !LAYING.has(next.call.name)) return;
  const offset = Math.min(line.call.offset, next.call.offset);
  const end = Math.max(line.call.offset + line.call.length, next.call.offset + next.call.length);
  const { id, file, data, task } = next.call;
  const call: Call = makeCall(id, 'write', file, { offset, length: end - offset, data: data === 0 ? 1 : data, task });
  const lines = trace.lines.flatMap((other): readonly TraceLine[] => {
    if (other === line || belongsTo(other, line)) return [];
    return [other === next ? { ...next, call } : other];
  });
  yield { ...trace, lines };
}
