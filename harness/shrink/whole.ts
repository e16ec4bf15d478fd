/** What can be made simpler about a trace as a whole: where its offsets begin, its options, tags, files and names. */
import { type Call, type Data, DEFAULT_OPTIONS, roundDown } from '../../model/contract/index.js';
import type { Action, InjectedCall, Trace, TraceLine } from '../../traces/format/index.js';
import type { Attempt } from './attempt.js';

type Whole = (trace: Trace) => Trace | null;

const WHOLES: readonly Whole[] = [
  moveToStart,
  trace => {
    const { options } = trace.header;
    const keys = Object.keys(DEFAULT_OPTIONS) as (keyof typeof DEFAULT_OPTIONS)[];
    if (keys.every(key => options[key] === DEFAULT_OPTIONS[key])) return null;
    return { ...trace, header: { ...trace.header, options: DEFAULT_OPTIONS } };
  },
  trace => {
    if (!trace.header.device.writeThrough) return null;
    return { ...trace, header: { ...trace.header, device: { writeThrough: false } } };
  },
  oneFile,
  fewerFiles,
  numberedTags,
  numberedOperations,
];

export function simplifyWhole(trace: Trace, attempt: Attempt): Trace {
  let best = trace;
  for (const whole of WHOLES) {
    const candidate = whole(best);
    if (candidate === null) continue;
    best = attempt(candidate) ?? best;
  }
  return best;
}

/** All offsets moved down by the same multiple of the largest folio. */
function moveToStart(trace: Trace): Trace | null {
  let lowest = Number.POSITIVE_INFINITY;
  mapCalls(trace, fields => {
    if (fields.length > 0) lowest = Math.min(lowest, fields.offset);
    if (fields.name === 'truncate' && fields.size > 0) lowest = Math.min(lowest, fields.size);
    return fields;
  });
  const shift = Number.isFinite(lowest) ? roundDown(lowest, trace.header.geometry.maxFolioSize) : 0;
  if (shift <= 0) return null;
  return mapCalls(trace, fields => ({
    ...fields,
    offset: Math.max(0, fields.offset - shift),
    fromOffset: Math.max(0, fields.fromOffset - shift),
    size: Math.max(0, fields.size - shift),
  }));
}

/** Everything happens to the first file. */
function oneFile(trace: Trace): Trace | null {
  if (trace.header.files.length === 1) return null;
  const merged = mapCalls(trace, fields => ({ ...fields, file: 0, fromFile: 0 }));
  const lines = merged.lines.map((line): TraceLine => {
    if (line.kind === 'seekMap') return { ...line, file: 0 };
    if (line.kind !== 'directive') return line;
    return { ...line, actions: line.actions.map(action => (isOfBio(action) ? { ...action, file: 0 } : action)) };
  });
  return { ...merged, lines };
}

/** Files that no line uses are not there. */
function fewerFiles(trace: Trace): Trace | null {
  let last = 0;
  mapCalls(trace, fields => {
    last = Math.max(last, fields.file, fields.fromFile);
    return fields;
  });
  for (const line of trace.lines) {
    if (line.kind === 'seekMap') last = Math.max(last, line.file);
    if (line.kind !== 'directive') continue;
    for (const action of line.actions) if (isOfBio(action)) last = Math.max(last, action.file);
  }
  const { files } = trace.header;
  return last + 1 < files.length ? { ...trace, header: { ...trace.header, files: files.slice(0, last + 1) } } : null;
}

/** It names a bio of a file; metadata is of none. */
function isOfBio(action: Action): action is Extract<Action, { kind: 'bio' | 'io' }> {
  return (action.kind === 'bio' || action.kind === 'io') && action.file >= 0;
}

/** Data tags 1, 2, 3 … in the order of the writes. */
function numberedTags(trace: Trace): Trace | null {
  let next = 1;
  let changed = false;
  const numbered = mapCalls(trace, fields => {
    if (fields.data === 0) return fields;
    const data: Data = next++;
    changed ||= fields.data !== data;
    return { ...fields, data };
  });
  return changed ? numbered : null;
}

/** Operations 1, 2, 3 … in the order of the trace. */
function numberedOperations(trace: Trace): Trace | null {
  const names = new Map<number, number>();
  for (const line of trace.lines) {
    if (line.kind === 'operation') names.set(line.call.id, names.size + 1);
    else if (line.kind === 'seekMap') names.set(line.id, names.size + 1);
  }
  const renamed = (id: number): number => names.get(id) ?? id;
  if ([...names].every(([from, to]) => from === to)) return null;
  const lines = trace.lines.map((line): TraceLine => {
    if (line.kind === 'operation') return { ...line, call: { ...line.call, id: renamed(line.call.id) } };
    if (line.kind === 'seekMap') return { ...line, id: renamed(line.id) };
    return line.kind === 'directive' ? { ...line, op: renamed(line.op) } : line;
  });
  return { ...trace, lines };
}

/** The trace with every call changed, those of directives included. */
function mapCalls(trace: Trace, change: (fields: InjectedCall) => InjectedCall): Trace {
  const lines = trace.lines.map((line): TraceLine => {
    if (line.kind === 'operation') {
      const { id, ...fields } = line.call;
      const call: Call = { ...change(fields), id };
      return { ...line, call };
    }
    if (line.kind !== 'directive') return line;
    const actions = line.actions.map(
      (action): Action => (action.kind === 'call' ? { kind: 'call', call: change(action.call) } : action),
    );
    return { ...line, actions };
  });
  return { ...trace, lines };
}
