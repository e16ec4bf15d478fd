/**
 * An insert or a collapse gone, and what it moved: the calls before it, or those behind it, lie where they would have lain
 * without it. Random programs move a file to and fro before the one step that matters.
 */
import type { FileId } from '../../model/contract/index.js';
import type { InjectedCall, OperationLine, Trace, TraceLine } from '../../traces/format/index.js';
import { belongsTo } from './lift.js';

/** Both ways of doing without the operation, or none if it moves nothing. */
export function* shifted(trace: Trace, line: OperationLine): Iterable<Trace> {
  const { name, file, offset, length } = line.call;
  if (name !== 'insert' && name !== 'collapse') return;
  const distance = name === 'insert' ? length : -length;
  const place = trace.lines.indexOf(line);
  // Seen from before it the bytes go up by an insert; seen from behind it they came from lower down.
  for (const [inRange, by] of [
    [(index: number) => index < place, distance],
    [(index: number) => index > place, -distance],
  ] as const) {
    const lines = trace.lines.map((other, index) => (inRange(index) ? moved(other, file, offset, by) : other));
    yield { ...trace, lines: lines.filter((_, index) => index !== place && !belongsTo(trace.lines[index]!, line)) };
  }
}

function moved(line: TraceLine, file: FileId, from: number, by: number): TraceLine {
  if (line.kind === 'operation') {
    const { id, ...fields } = line.call;
    return { ...line, call: { ...movedCall(fields, file, from, by), id } };
  }
  if (line.kind !== 'directive') return line;
  const actions = line.actions.map(action => {
    if (action.kind === 'call') return { ...action, call: movedCall(action.call, file, from, by) };
    return action.kind === 'bio' && action.file === file && action.offset >= from
      ? { ...action, offset: Math.max(0, action.offset + by) }
      : action;
  });
  return { ...line, actions };
}

function movedCall(call: InjectedCall, file: FileId, from: number, by: number): InjectedCall {
  const place = (at: number): number => (at >= from ? Math.max(0, at + by) : at);
  return {
    ...call,
    offset: call.file === file ? place(call.offset) : call.offset,
    fromOffset: call.fromFile === file ? place(call.fromOffset) : call.fromOffset,
    size: call.file === file ? place(call.size) : call.size,
  };
}
