/**
 * A short case after the kernel's own tests as a trace: operation k (from 1) of its list is called k. Every `expect`
 * becomes the recorded answer, `expected.files` the expectations at the end. `sha256` of a file becomes a read to its
 * end, `seek_map` the question of the same name.
 */
import {
  type Call,
  CallFlag,
  type Data,
  DEFAULT_OPTIONS,
  geometryFault,
  LARGEST_FILE,
  makeCall,
  type OperationName,
} from '../../model/contract/index.js';
import { type Json, readAnswer, readPosition } from '../format/codec.js';
import { DocumentLines } from '../format/document-lines.js';
import { shown, TraceError } from '../format/errors.js';
import { FILELESS, type RecordedAnswer, type RecordedState, type Trace, type TraceLine } from '../format/trace.js';
import { validate } from '../format/validate.js';
import { recordedGeometry } from './geometry.js';
import { lookUp } from './look-up.js';
import { Mappings, type Range } from './mappings.js';

/** Where two names stand for one errno a recorder may print the other one: Python does. */
const OTHER_NAMES: Readonly<Record<string, string>> = { ENOTSUP: 'EOPNOTSUPP', EWOULDBLOCK: 'EAGAIN' };

const DEFAULT_FILE = 'testfile';

interface CaseOperation {
  readonly name: OperationName;
  /** Fields that must be whole numbers. */
  readonly numbers: readonly string[];
  readonly pattern?: true;
  readonly source?: true;
  readonly fields?: (json: Json) => Partial<Call>;
}

const RANGE = ['offset', 'length'] as const;
const flag = (json: Json, field: string, bit: number, absent = false): number =>
  (json[field] ?? absent) === true ? bit : 0;
const keepSize = (json: Json): Partial<Call> => ({ flags: flag(json, 'keepSize', CallFlag.KEEP_SIZE) });
const wholeFile = { offset: 0, length: LARGEST_FILE };

const OPERATIONS_OF_CASES: Readonly<Record<string, CaseOperation>> = {
  write: { name: 'write', numbers: RANGE, pattern: true },
  dwrite: {
    name: 'dwrite',
    numbers: RANGE,
    pattern: true,
    fields: json => ({ flags: flag(json, 'dsync', CallFlag.DSYNC) }),
  },
  // Stores, not a write: they may lie behind the end, in the page that holds it.
  mwrite: { name: 'mapwrite', numbers: RANGE, pattern: true, fields: () => ({ flags: CallFlag.BEYOND }) },
  read: { name: 'read', numbers: RANGE },
  dread: { name: 'dread', numbers: RANGE },
  mread: { name: 'mapread', numbers: RANGE },
  // A mapping covers the whole file here; the range of the recording says how much an msync covers (mappings.ts).
  mmap: { name: 'mmap', numbers: [] },
  munmap: { name: 'munmap', numbers: [] },
  msync: { name: 'msync', numbers: [] },
  truncate: { name: 'truncate', numbers: ['size'] },
  falloc: { name: 'falloc', numbers: RANGE, fields: keepSize },
  punch: { name: 'punch', numbers: RANGE },
  collapse: { name: 'collapse', numbers: RANGE },
  insert: { name: 'insert', numbers: RANGE },
  unshare: { name: 'unshare', numbers: RANGE, fields: () => ({ flags: CallFlag.KEEP_SIZE }) },
  zero: { name: 'zero', numbers: RANGE, fields: keepSize },
  reflink: { name: 'reflink', numbers: ['srcOffset', 'dstOffset', 'length'], source: true },
  dedupe: { name: 'dedupe', numbers: ['srcOffset', 'dstOffset', 'length'], source: true },
  fsync: { name: 'fsync', numbers: [] },
  fdatasync: { name: 'fdatasync', numbers: [] },
  sync: { name: 'sync', numbers: [] },
  sync_range: { name: 'syncRange', numbers: RANGE },
  drop_caches: {
    name: 'dropCaches',
    numbers: [],
    fields: json => ({ flags: flag(json, 'flush', CallFlag.FLUSH, true) }),
  },
  seek_data: { name: 'seekData', numbers: ['offset'] },
  seek_hole: { name: 'seekHole', numbers: ['offset'] },
  fiemap: {
    name: 'fiemap',
    numbers: [],
    fields: json => ({ ...wholeFile, flags: flag(json, 'sync', CallFlag.FLUSH) }),
  },
  stat: { name: 'stat', numbers: [] },
  close: { name: 'close', numbers: [] },
  remount: { name: 'remount', numbers: [] },
  remove: { name: 'remove', numbers: [] },
  shutdown: {
    name: 'shutdown',
    numbers: [],
    fields: json => ({ flags: flag(json, 'logFlush', CallFlag.FLUSH) }),
  },
};

/** True for an object that has the shape of a case. */
export function looksLikeCase(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && Array.isArray((value as { ops?: unknown }).ops);
}

/** `text` is the file's, for the line numbers of errors. */
export function importCase(json: Json, text: string, file: string): Trace {
  return new CaseReading(json, text, file).trace();
}

class CaseReading {
  private readonly json: Json;
  private readonly file: string;
  private readonly files: string[] = [];
  private readonly mappings = new Mappings();
  private readonly lines: DocumentLines;
  private line = 1;

  constructor(json: Json, text: string, file: string) {
    this.json = json;
    this.file = file;
    this.lines = new DocumentLines(text);
  }

  trace(): Trace {
    const { json } = this;
    const lines = (json['ops'] as readonly unknown[]).map((op, index) => {
      this.line = this.lines.of('ops', index);
      return this.numbered(op, index + 1);
    });
    lines.push(...this.expectations());
    this.line = this.lines.of('pageSize');
    const pageSize = this.whole(json, 'pageSize', 4096);
    this.line = this.lines.of('blockSize');
    const geometry = recordedGeometry(this.whole(json, 'blockSize', 4096), pageSize);
    const fault = geometryFault(geometry);
    if (fault !== null) throw this.error('a geometry that can be used', `one that cannot: ${fault}`);
    return {
      header: {
        kernel: 'next',
        fs: typeof json['fs'] === 'string' ? json['fs'] : 'xfs',
        // Where mkfs says nothing of it, blocks can be shared.
        options: { ...DEFAULT_OPTIONS, reflink: !/\breflink=0\b/.test(String(json['mkfs'])) },
        geometry,
        device: { writeThrough: false },
        files: this.files.length === 0 ? [DEFAULT_FILE] : this.files,
        origin: `case ${String(json['name'] ?? this.file)}${json['kernelTest'] === undefined ? '' : ` after ${String(json['kernelTest'])}`}`,
      },
      lines,
      verdict: { kind: 'clean' },
    };
  }

  /** Several operations may stand in one line: the number says which is wrong. */
  private numbered(op: unknown, id: number): TraceLine {
    try {
      if (typeof op !== 'object' || op === null) throw this.error('an operation', shown(op));
      return this.operation(op as Json, id);
    } catch (error) {
      if (!(error instanceof TraceError)) throw error;
      throw this.error(error.expected, `${error.got} in operation ${id}`);
    }
  }

  private operation(op: Json, id: number): TraceLine {
    const word = op['op'];
    const expect = (op['expect'] ?? {}) as Json;
    if (word === 'seek_map')
      return { kind: 'seekMap', id, task: 1, file: this.fileOf(op), answer: this.answer(expect, 'seekMap') };
    if (word === 'sha256') {
      // One byte more than there should be, so that a longer file shows.
      const length = this.whole(expect, 'length', 0) + 1;
      const call = makeCall(id, 'read', this.fileOf(op), { offset: 0, length });
      return { kind: 'operation', call, answer: this.answer(expect, 'read') };
    }
    const known = lookUp(OPERATIONS_OF_CASES, word);
    if (known === undefined) throw this.error('op to be the name of an operation', shown(word));
    const numbers: Record<string, number> = {};
    for (const field of known.numbers) numbers[field] = this.number(op, field);
    const source = known.source === true ? this.fileNamed(op['src']) : null;
    const file = FILELESS.has(known.name) ? 0 : this.fileOf(op);
    const call = makeCall(id, known.name, file, {
      offset: numbers['dstOffset'] ?? numbers['offset'] ?? 0,
      length: numbers['length'] ?? 0,
      size: numbers['size'] ?? 0,
      ...(known.pattern === true ? { data: this.pattern(op['pattern']) } : {}),
      ...(source === null ? {} : { fromFile: source, fromOffset: numbers['srcOffset'] ?? 0 }),
      ...known.fields?.(op),
    });
    const answer = this.answer(expect, known.name, call.length);
    return { kind: 'operation', call: this.mapped(call, op, answer), answer };
  }

  /** An msync of a part writes that back; that it makes the metadata durable too is not counted on. */
  private mapped(call: Call, op: Json, { errno }: RecordedAnswer): Call {
    const range = { offset: op['offset'], length: op['length'] };
    const known = typeof range.offset === 'number' && typeof range.length === 'number' ? (range as Range) : null;
    if (errno === undefined) this.mappings.note(call, call.name === 'mmap' ? known : null);
    const part = call.name === 'msync' ? this.mappings.part(call.file, this.whole(this.json, 'pageSize', 4096)) : null;
    return part === null ? call : makeCall(call.id, 'syncRange', call.file, { ...part });
  }

  /** Without `expect` an operation just succeeded, so a write wrote everything. */
  private answer(expect: Json, name: string, length = 0): RecordedAnswer {
    const { errno } = expect;
    const renamed = lookUp(OTHER_NAMES, errno);
    const answer = renamed === undefined ? expect : { ...expect, errno: renamed };
    validate(`operation:seekMap`, { op: 0, call: 'seekMap', file: '-', answer }, this.file, this.line);
    const recorded = readAnswer(answer);
    const wrote = /write$/.test(name) && recorded.errno === undefined && recorded.length === undefined;
    return wrote ? { length, ...recorded } : recorded;
  }

  private expectations(): TraceLine[] {
    this.line = this.lines.of('expected');
    const { files = {} } = this.object('expected', this.json['expected'] ?? {});
    this.line = this.lines.of('expected', 'files');
    return Object.entries(this.object('files', files)).map(([name, value]) => {
      this.line = this.lines.of('expected', 'files', name);
      const state = this.object(name, value);
      const { seek, ...rest } = state;
      const recorded = { ...rest, ...(seek === undefined ? {} : { seekCold: seek }) };
      validate('expectation', { expect: name, ...recorded }, this.file, this.line);
      return { kind: 'expectation', file: this.fileNamed(name), after: null, state: recorded as RecordedState };
    });
  }

  private object(what: string, value: unknown): Json {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw this.error(`${what} to be an object`, shown(value));
    return value as Json;
  }

  private pattern(value: unknown): Data {
    const { byte, tag } = (value ?? {}) as { readonly byte?: unknown; readonly tag?: unknown };
    if (isBetween(byte, 255)) return { byte };
    if (isBetween(tag, Number.MAX_SAFE_INTEGER)) return { case: tag };
    throw this.error('pattern to be {"byte": b} or {"tag": t}', shown(value));
  }

  private fileOf(op: Json): number {
    return this.fileNamed(op['file'] ?? DEFAULT_FILE);
  }

  private fileNamed(name: unknown): number {
    if (typeof name !== 'string' || name === '') throw this.error('the name of a file', shown(name));
    const known = this.files.indexOf(name);
    if (known >= 0) return known;
    return this.files.push(name) - 1;
  }

  private number(op: Json, field: string): number {
    const value = op[field];
    const isLength = field === 'length';
    if (typeof value !== 'number' || !Number.isInteger(value) || (isLength && (value < 0 || value > LARGEST_FILE)))
      throw this.error(`${field} to be a whole number${isLength ? ' of at least 0 and below 2^53' : ''}`, shown(value));
    return isLength ? value : readPosition(value);
  }

  private whole(json: Json, field: string, otherwise: number): number {
    const value = json[field] ?? otherwise;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
      throw this.error(`${field} to be a whole number of at least 0`, shown(value));
    return value;
  }

  private error(expected: string, got: string): TraceError {
    return new TraceError(this.file, this.line, expected, got);
  }
}

function isBetween(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
}
