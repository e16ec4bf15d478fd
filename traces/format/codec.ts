/**
 * The two forms of a call's fields and of an answer: as JSON in a line, and as the contract's records. Reading and
 * writing stand side by side here so that they cannot drift apart; what is legal was decided by the schema before.
 */
import {
  type Call,
  CallFlag,
  type CallFlagName,
  type CallId,
  type Data,
  type Errno,
  errnoByName,
  errnoName,
  type FileId,
  LARGEST_FILE,
  makeCall,
  type OperationName,
  operationShape,
} from '../../model/contract/index.js';
import { FILELESS, RANGE_OPTIONAL, type RecordedAnswer } from './trace.js';

export type Json = Readonly<Record<string, unknown>>;

/** Names of files to and from their numbers. `id` throws for a name that the header does not list. */
export interface FileNames {
  id(name: string): FileId;
  name(id: FileId): string;
}

/** A recorded place: what lies beyond 2^53 is infinitely far away. */
export function readPosition(value: number): number {
  if (Number.isSafeInteger(value)) return value + 0;
  return value > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

/** The largest and smallest offset the kernel knows stand for infinity. */
export function writePosition(value: number): number {
  if (Number.isFinite(value)) return value;
  return value > 0 ? 2 ** 63 : -(2 ** 63);
}

/** The fields of a call from a line or an action. */
export function readCall(json: Json, name: OperationName, id: CallId, file: FileId, files: FileNames): Call {
  const whole = RANGE_OPTIONAL.has(name);
  const from = json['from'] as { readonly file?: string; readonly offset: number } | undefined;
  let flags = 0;
  for (const flag of (json['flags'] ?? []) as readonly CallFlagName[]) flags |= CallFlag[flag];
  return makeCall(id, name, file, {
    ...(json['task'] === undefined ? {} : { task: json['task'] as number }),
    offset: readPosition((json['offset'] as number | undefined) ?? 0),
    length: (json['length'] as number | undefined) ?? (whole ? LARGEST_FILE : 0),
    size: readPosition((json['size'] as number | undefined) ?? 0),
    data: (json['data'] as Data | undefined) ?? 0,
    fromFile: from?.file === undefined ? file : files.id(from.file),
    fromOffset: readPosition(from?.offset ?? 0),
    accessible: (json['accessible'] as number | undefined) ?? -1,
    flags,
  });
}

/** The fields of a call behind its name, task and file, in the order of `OPERATIONS`. */
export function writeCallFields(call: Omit<Call, 'id'>, files: FileNames): Record<string, unknown> {
  const shape = operationShape(call.name);
  const whole = RANGE_OPTIONAL.has(call.name) && call.offset === 0 && call.length === LARGEST_FILE;
  const out: Record<string, unknown> = {};
  for (const field of shape.fields) {
    if (field === 'from') {
      const source = call.fromFile === call.file ? {} : { file: files.name(call.fromFile) };
      out['from'] = { ...source, offset: writePosition(call.fromOffset) };
    } else if (field === 'accessible') {
      if (call.accessible >= 0) out['accessible'] = call.accessible;
    } else if (field === 'offset' || field === 'size') {
      if (!whole) out[field] = writePosition(call[field]);
    } else if (field === 'length') {
      if (!whole) out['length'] = call.length;
    } else if (field === 'data') out['data'] = call.data;
  }
  const flags = shape.flags.filter(flag => (call.flags & CallFlag[flag]) !== 0);
  if (flags.length > 0) out['flags'] = flags;
  return out;
}

/** The subject of an action: a file, or `"all"`. */
export function writeSubject(name: OperationName, file: FileId, files: FileNames): string {
  return FILELESS.has(name) ? 'all' : files.name(file);
}

export function readAnswer(json: Json): RecordedAnswer {
  const { errno, ...rest } = json;
  if (errno === undefined) return rest as RecordedAnswer;
  return { errno: readErrno(errno), ...(rest as RecordedAnswer) };
}

/** The schema lets names through that there are. */
export function readErrno(name: unknown): Errno {
  const value = errnoByName(name as string);
  if (value === null) throw new Error(`${name} fits the schema and is no errno`);
  return value;
}

export function writeAnswer(answer: RecordedAnswer): Record<string, unknown> {
  const { errno, ...rest } = answer;
  return errno === undefined ? rest : { errno: errnoName(errno), ...rest };
}
