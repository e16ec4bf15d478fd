/**
 * Trace to text, one line each, in an order that people read easily. Of the header only what differs from the defaults is
 * written; reading the text gives back an equal trace.
 */
import {
  DEFAULT_OPTIONS,
  EIO,
  errnoName,
  type FileId,
  KERNEL_GEOMETRY,
  LARGEST_FILE,
  operationShape,
} from '../../model/contract/index.js';
import { type FileNames, writeAnswer, writeCallFields, writePosition, writeSubject } from './codec.js';
import {
  type Action,
  FAULT_LABELS,
  FILELESS,
  type Survivor,
  TRACE_FORMAT,
  TRACE_VERSION,
  type Trace,
  type TraceHeader,
  type TraceLine,
  type Verdict,
} from './trace.js';

/** The text of a trace, with a newline behind every line. */
export function writeTrace(trace: Trace): string {
  const files = namesOf(trace.header);
  const lines = [
    writeHeader(trace.header),
    ...trace.lines.map(line => writeLine(line, files)),
    JSON.stringify(writeVerdict(trace.verdict)),
  ];
  return `${lines.join('\n')}\n`;
}

/** One line as text, for reports that quote a step. */
export function writeLine(line: TraceLine, files: FileNames): string {
  return JSON.stringify(lineJson(line, files));
}

/** The names of a header, for writing. */
export function namesOf(header: TraceHeader): FileNames {
  return {
    name: (id: FileId) => header.files[id] ?? `file${id}`,
    id: (name: string) => header.files.indexOf(name),
  };
}

function writeHeader(header: TraceHeader): string {
  return JSON.stringify({
    format: TRACE_FORMAT,
    version: TRACE_VERSION,
    ...(header.kernel === 'next' ? {} : { kernel: header.kernel }),
    fs: header.fs,
    ...nonEmpty('options', differing(header.options, DEFAULT_OPTIONS)),
    ...nonEmpty('geometry', differing(header.geometry, KERNEL_GEOMETRY)),
    ...(header.device.writeThrough ? { device: header.device } : {}),
    files: header.files,
    ...(header.origin === null ? {} : { origin: header.origin }),
  });
}

function differing<T extends object>(value: T, neutral: T): Partial<T> {
  const keys = Object.keys(neutral) as (keyof T)[];
  return Object.fromEntries(
    keys.filter(key => value[key] !== neutral[key]).map(key => [key, value[key]]),
  ) as Partial<T>;
}

function nonEmpty(key: string, value: object): Record<string, unknown> {
  return Object.keys(value).length === 0 ? {} : { [key]: value };
}

/** A line as the object that is written. */
export function lineJson(line: TraceLine, files: FileNames): Record<string, unknown> {
  if (line.kind === 'expectation') {
    const after = line.after === null ? {} : { after: line.after };
    return { expect: files.name(line.file), ...after, ...line.state };
  }
  if (line.kind === 'directive') {
    const point = line.point === null ? {} : { point: line.point };
    return { at: { op: line.op, ...point, nth: line.nth }, do: line.actions.map(action => actionJson(action, files)) };
  }
  const answer = line.answer === null ? {} : { answer: writeAnswer(line.answer) };
  if (line.kind === 'seekMap')
    return { op: line.id, task: line.task, call: 'seekMap', file: files.name(line.file), ...answer };
  const { call } = line;
  const file = FILELESS.has(call.name) ? {} : { file: files.name(call.file) };
  return { op: call.id, task: call.task, call: call.name, ...file, ...writeCallFields(call, files), ...answer };
}

function actionJson(action: Action, files: FileNames): Record<string, unknown> {
  switch (action.kind) {
    case 'call': {
      const { call } = action;
      const task = operationShape(call.name).background && call.task === 0 ? {} : { task: call.task };
      return { [call.name]: writeSubject(call.name, call.file, files), ...task, ...writeCallFields(call, files) };
    }
    case 'run':
      return {
        run: action.task,
        ...(action.until === null ? {} : { until: action.until }),
        ...(action.times === 1 ? {} : { nth: action.times }),
      };
    case 'io':
      return {
        io: action.bio,
        ...(action.file < 0 ? {} : { file: files.name(action.file), offset: writePosition(action.offset) }),
        length: action.length,
      };
    case 'crash':
      if (action.survive === null) return { crash: 'any' };
      return { crash: 'these', survive: action.survive.map(survivor => writeSurvivor(survivor, files)) };
    case 'choice':
      return { [FAULT_LABELS.includes(action.label) ? 'fault' : 'value']: action.label, is: action.answer };
    case 'bio':
      return {
        fault: 'bio',
        ...(action.errno === EIO ? {} : { errno: errnoName(action.errno) }),
        ...(action.file < 0 ? {} : { file: files.name(action.file) }),
        ...(action.offset === 0 ? {} : { offset: writePosition(action.offset) }),
        ...(action.length === LARGEST_FILE ? {} : { length: action.length }),
      };
  }
}

function writeSurvivor(
  { cargo, file, offset, length, nth, sectors }: Survivor,
  files: FileNames,
): Record<string, unknown> {
  return {
    carries: cargo,
    ...(cargo === 'data' && file >= 0 ? { file: files.name(file), offset: writePosition(offset) } : {}),
    ...(cargo === 'data' ? { length } : {}),
    ...(nth === 1 ? {} : { nth }),
    ...(sectors === null ? {} : { sectors }),
  };
}

function writeVerdict(verdict: Verdict): Record<string, unknown> {
  if (verdict.kind === 'clean') return { verdict: 'clean' };
  const { kind, ...rest } = verdict;
  return { verdict: kind, ...rest };
}
