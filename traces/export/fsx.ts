/**
 * A trace as an fsx operation log, for fsx's `--replay-ops` and for other readers of such logs. Only what fsx has can be
 * said: one file, no directives, no background work. The line number is what the fill depends on; where a write says its
 * line, skipped lines are put in before it. Stores behind the end are left out, because fsx makes them itself (`-e 1`).
 */
import { type Call, CallFlag, type OperationName } from '../../model/contract/index.js';
import { shown, TraceError } from '../format/errors.js';
import type { OperationLine, Trace } from '../format/trace.js';

interface FsxForm {
  readonly word: string;
  readonly destination?: true;
  /** The size of the file afterwards. */
  readonly size: (call: Call, before: number) => number;
}

const same = (_call: Call, before: number): number => before;
const grown = (call: Call, before: number): number => Math.max(before, call.offset + call.length);
const grownUnlessKept = (call: Call, before: number): number =>
  (call.flags & CallFlag.KEEP_SIZE) === 0 ? grown(call, before) : before;

const FORMS: Readonly<Partial<Record<OperationName, FsxForm>>> = {
  read: { word: 'read', size: same },
  dread: { word: 'read', size: same },
  write: { word: 'write', size: grown },
  dwrite: { word: 'write', size: grown },
  mapread: { word: 'mapread', size: same },
  mapwrite: { word: 'mapwrite', size: grown },
  truncate: { word: 'truncate', size: call => call.size },
  falloc: { word: 'fallocate', size: grownUnlessKept },
  unshare: { word: 'fallocate', size: grownUnlessKept },
  punch: { word: 'punch_hole', size: same },
  zero: { word: 'zero_range', size: grownUnlessKept },
  collapse: { word: 'collapse_range', size: (call, before) => before - call.length },
  insert: { word: 'insert_range', size: (call, before) => before + call.length },
  reflink: { word: 'clone_range', destination: true, size: grown },
  dedupe: { word: 'dedupe_range', destination: true, size: same },
  copy: { word: 'copy_range', destination: true, size: grown },
};

/** Operations that end a log as fsx ends it, and leave the file as it is. */
const SILENT: ReadonlySet<OperationName> = new Set(['fsync', 'close']);

export function exportFsx(trace: Trace, name: string): string {
  const lines: string[] = [];
  let size = 0;
  let file = -1;
  const numbered = namesAreLines(trace);
  for (const step of trace.lines) {
    if (step.kind === 'expectation') continue;
    if (step.kind !== 'operation') throw refuse(name, `a ${step.kind}`);
    const { call } = step;
    if (isScribble(step) || SILENT.has(call.name)) continue;
    const form = FORMS[call.name];
    if (form === undefined) throw refuse(name, `${call.name} #${call.id}`);
    if (file >= 0 && call.file !== file) throw refuse(name, `a second file, ${shown(trace.header.files[call.file])}`);
    if (call.fromFile !== call.file) throw refuse(name, `${call.name} #${call.id} from another file`);
    file = call.file;
    const line = numbered ? call.id : lineOf(call);
    while (lines.length + 1 < line) lines.push(skip(size));
    lines.push(entry(call, form, size));
    size = form.size(call, size);
  }
  return lines.map(line => `${line}\n`).join('');
}

/** The line whose fill a write has; 0 for other data. */
function lineOf(call: Call): number {
  const { data } = call;
  return typeof data === 'object' && 'fsx' in data ? data.fsx : 0;
}

/** True if operations are called by their lines, as in an imported log: then all of them keep their places. */
function namesAreLines(trace: Trace): boolean {
  let last = 0;
  let fills = 0;
  for (const step of trace.lines) {
    if (step.kind !== 'operation' || isScribble(step)) continue;
    const { call } = step;
    const line = lineOf(call);
    if (call.id <= last || (line > 0 && line !== call.id)) return false;
    last = call.id;
    if (line > 0) fills++;
  }
  return fills > 0;
}

function isScribble(line: OperationLine): boolean {
  return line.call.name === 'mapwrite' && (line.call.flags & CallFlag.BEYOND) !== 0;
}

function entry(call: Call, form: FsxForm, size: number): string {
  const atomic = call.name === 'dwrite' && (call.flags & CallFlag.ATOMIC) !== 0;
  const numbers =
    call.name === 'truncate'
      ? [0, call.size]
      : form.destination === true
        ? [call.fromOffset, call.length, call.offset]
        : [call.offset, call.name === 'mapread' ? Math.min(call.length, size - call.offset) : call.length];
  return [
    atomic ? 'write_atomic' : form.word,
    ...[...numbers, size].map(number => `0x${number.toString(16)}`),
    ...((call.flags & CallFlag.KEEP_SIZE) !== 0 ? ['keep_size'] : []),
    ...(call.name === 'unshare' ? ['unshare'] : []),
  ].join(' ');
}

function skip(size: number): string {
  return `skip read 0x0 0x0 0x${size.toString(16)}`;
}

function refuse(name: string, what: string): TraceError {
  return new TraceError(name, 0, 'only operations of fsx on one file', what);
}
