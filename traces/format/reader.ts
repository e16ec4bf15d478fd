/**
 * Text to trace. Whatever is wrong is a `TraceError` of one line that names file and line: not JSON, a kind of line, a
 * field or an operation that does not exist, a value out of range, a version of the future, a name used twice, and a file
 * without a verdict, which was cut.
 */
import {
  type BioCargo,
  type BioKind,
  type ChoiceLabel,
  DEFAULT_OPTIONS,
  type FileId,
  type Geometry,
  geometryFault,
  KERNEL_GEOMETRY,
  LARGEST_FILE,
  type OperationName,
  type PointName,
} from '../../model/contract/index.js';
import { type FileNames, type Json, readAnswer, readCall, readErrno, readPosition } from './codec.js';
import { shown, TraceError } from './errors.js';
import { referenceFault } from './references.js';
import {
  type Action,
  FILELESS,
  type RecordedState,
  type Survivor,
  TRACE_FORMAT,
  TRACE_VERSION,
  type Trace,
  type TraceHeader,
  type TraceLine,
  type Verdict,
} from './trace.js';
import { isDefined, validate } from './validate.js';

/** What is known of a file without touching it, so in the middle of a program; the rest takes calls of its own. */
const ON_THE_WAY: readonly string[] = ['size', 'sha256'];

/** Reads a whole trace; `name` is how errors call the file. */
export function readTrace(text: string, name: string): Trace {
  const lines = text.split('\n');
  while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop();
  const first = lines[0];
  if (first === undefined) throw new TraceError(name, 1, 'a header', 'an empty file');
  const headerLine = parseLine(first, name, 1);
  const reading = new Reading(name, headerLine);
  for (let i = 1; i < lines.length; i++) reading.line(lines[i] ?? '', i + 1);
  return reading.end(lines.length);
}

/** True if the text begins like a trace, of whatever version. */
export function looksLikeTrace(text: string): boolean {
  return /^\s*\{[^\n]*"format"\s*:/.test(text) && text.slice(0, 400).includes(TRACE_FORMAT);
}

function parseLine(line: string, file: string, number: number): Json {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new TraceError(file, number, 'a JSON object on one line', line.trim() === '' ? 'an empty line' : shown(line));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TraceError(file, number, 'a JSON object', shown(value));
  return value as Json;
}

/** One reading of one file: names and numbers seen so far. */
class Reading implements FileNames {
  private readonly file: string;
  private readonly header: Omit<TraceHeader, 'files'>;
  private readonly files: string[];
  private readonly filesGiven: boolean;
  private readonly names = new Set<number>();
  private readonly lines: TraceLine[] = [];
  private verdict: Verdict | null = null;
  private now = 1;

  constructor(file: string, header: Json) {
    this.file = file;
    if (header['format'] !== TRACE_FORMAT)
      throw this.error(`a header {"format":"${TRACE_FORMAT}","version":${TRACE_VERSION}}`, shown(header));
    const version = header['version'];
    if (Number.isInteger(version) && (version as number) > TRACE_VERSION)
      throw this.error(`a version up to ${TRACE_VERSION}`, `version ${version}`);
    this.check('header', header);
    const geometry: Geometry = { ...KERNEL_GEOMETRY, ...(header['geometry'] as object | undefined) };
    const fault = geometryFault(geometry);
    if (fault !== null) throw this.error('a geometry that can be used', `one that cannot: ${fault}`);
    this.header = {
      kernel: (header['kernel'] ?? 'next') as TraceHeader['kernel'],
      fs: (header['fs'] ?? 'xfs') as string,
      options: { ...DEFAULT_OPTIONS, ...(header['options'] as object | undefined) },
      geometry,
      device: { writeThrough: false, ...(header['device'] as object | undefined) },
      origin: (header['origin'] ?? null) as string | null,
    };
    this.filesGiven = header['files'] !== undefined;
    this.files = [...((header['files'] ?? []) as readonly string[])];
  }

  line(text: string, number: number): void {
    this.now = number;
    const json = parseLine(text, this.file, number);
    if (this.verdict !== null) throw this.error('the verdict to be the last line', shown(json));
    if ('verdict' in json) this.verdict = this.readVerdict(json);
    else this.lines.push(this.readLine(json));
  }

  end(lastLine: number): Trace {
    this.now = lastLine;
    if (this.verdict === null) throw this.error('a verdict as the last line', 'the end of the file');
    if (this.files.length === 0) this.files.push('a');
    const trace = { header: { ...this.header, files: this.files }, lines: this.lines, verdict: this.verdict };
    const fault = referenceFault(trace);
    if (fault !== null) throw new TraceError(this.file, fault.line, fault.expected, fault.got);
    return trace;
  }

  id(name: string): FileId {
    const known = this.files.indexOf(name);
    if (known >= 0) return known;
    if (this.filesGiven) throw this.error(`one of the files ${this.files.join(', ')}`, shown(name));
    if (this.files.length === 256) throw this.error('at most 256 files', shown(name));
    return this.files.push(name) - 1;
  }

  name(id: FileId): string {
    return this.files[id] ?? String(id);
  }

  private error(expected: string, got: string): TraceError {
    return new TraceError(this.file, this.now, expected, got);
  }

  private check(definition: string, json: unknown): void {
    validate(definition, json, this.file, this.now);
  }

  private readLine(json: Json): TraceLine {
    if ('at' in json) return this.readDirective(json);
    if ('expect' in json) return this.readExpectation(json);
    if ('op' in json || 'call' in json) return this.readOperation(json);
    throw this.error('a line with "op", "at", "expect" or "verdict"', shown(json));
  }

  private readOperation(json: Json): TraceLine {
    const name = json['call'];
    if (typeof name !== 'string' || !isDefined(`operation:${name}`))
      throw this.error('call to be the name of an operation', shown(name ?? json));
    this.check(`operation:${name}`, json);
    const id = json['op'] as number;
    if (this.names.has(id)) throw this.error('a name that no other operation has', `op ${id} again`);
    this.names.add(id);
    const file = json['file'] === undefined ? 0 : this.id(json['file'] as string);
    const answer = json['answer'] === undefined ? null : readAnswer(json['answer'] as Json);
    if (name === 'seekMap')
      return { kind: 'seekMap', id, task: (json['task'] as number | undefined) ?? 1, file, answer };
    return { kind: 'operation', call: readCall(json, name as OperationName, id, file, this), answer };
  }

  private readDirective(json: Json): TraceLine {
    this.check('directive', json);
    const at = json['at'] as { readonly op: number; readonly point?: PointName; readonly nth?: number };
    const actions = (json['do'] as readonly Json[]).map(action => this.readAction(action));
    const point = at.point ?? null;
    for (const action of actions) {
      if (action.kind === 'crash' && (point !== null || actions.length > 1))
        throw this.error('a crash by itself, at an operation without a point', shown(json));
      const failure = action.kind === 'choice' || action.kind === 'bio';
      if (failure && point !== null) throw this.error('a place without a point', shown(at));
      if (action.kind === 'call' && point === null) throw this.error('a place with a point', shown(at));
      if (point === null && failure !== (actions[0]!.kind === 'choice' || actions[0]!.kind === 'bio'))
        throw this.error('either failures or what others do', shown(json['do']));
    }
    return { kind: 'directive', op: at.op, point, nth: at.nth ?? 1, actions };
  }

  private readAction(json: Json): Action {
    const name = Object.keys(json).find(key => isDefined(`action:${key}`));
    if (name === undefined) throw this.error('something that can be done', shown(json));
    this.check(`action:${name}`, json);
    if (name === 'run')
      return {
        kind: 'run',
        task: json['run'] as number,
        until: (json['until'] ?? null) as PointName | null,
        times: (json['nth'] ?? 1) as number,
      };
    if (name === 'io')
      return {
        kind: 'io',
        bio: json['io'] as BioKind,
        file: json['file'] === undefined ? -1 : this.id(json['file'] as string),
        offset: json['offset'] === undefined ? -1 : readPosition(json['offset'] as number),
        length: (json['length'] as number | undefined) ?? LARGEST_FILE,
      };
    if (name === 'crash')
      return {
        kind: 'crash',
        survive:
          json['crash'] === 'any'
            ? null
            : ((json['survive'] ?? []) as readonly Json[]).map(it => this.readSurvivor(it)),
      };
    if (name === 'fault' && json['fault'] === 'bio') return this.readBioFault(json);
    if (name === 'fault' || name === 'value')
      return { kind: 'choice', label: json[name] as ChoiceLabel, answer: (json['is'] as number | undefined) ?? 1 };
    const operation = name as OperationName;
    const file = FILELESS.has(operation) ? 0 : this.id(json[name] as string);
    const { id: _, ...call } = readCall(json, operation, 0, file, this);
    return { kind: 'call', call };
  }

  private readSurvivor(json: Json): Survivor {
    const cargo = json['carries'] as BioCargo;
    return {
      cargo,
      file: json['file'] === undefined ? -1 : this.id(json['file'] as string),
      offset: json['offset'] === undefined ? -1 : readPosition(json['offset'] as number),
      length: (json['length'] as number | undefined) ?? 0,
      nth: (json['nth'] as number | undefined) ?? 1,
      sectors: (json['sectors'] as readonly number[] | undefined) ?? null,
    };
  }

  private readBioFault(json: Json): Action {
    return {
      kind: 'bio',
      errno: readErrno(json['errno'] ?? 'EIO'),
      file: json['file'] === undefined ? -1 : this.id(json['file'] as string),
      offset: readPosition((json['offset'] as number | undefined) ?? 0),
      length: (json['length'] as number | undefined) ?? LARGEST_FILE,
    };
  }

  private readExpectation(json: Json): TraceLine {
    this.check('expectation', json);
    const { expect, after, ...state } = json;
    const foreign = after === undefined ? undefined : Object.keys(state).find(field => !ON_THE_WAY.includes(field));
    if (foreign !== undefined)
      throw this.error(`a state after an operation to have only the fields ${ON_THE_WAY.join(', ')}`, `"${foreign}"`);
    return {
      kind: 'expectation',
      file: this.id(expect as string),
      after: (after ?? null) as number | null,
      state: state as RecordedState,
    };
  }

  private readVerdict(json: Json): Verdict {
    if (json['verdict'] !== 'violation') {
      this.check('verdict:clean', json);
      return { kind: 'clean' };
    }
    this.check('verdict:violation', json);
    return {
      kind: 'violation',
      id: json['id'] as string,
      signature: json['signature'] as string,
      message: json['message'] as string,
      op: json['op'] as number,
    };
  }
}
