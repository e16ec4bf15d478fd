/**
 * A small reader of the recordings beside the project, for the model's own tests only: fsx logs and fstests-style cases as
 * calls. The importers that people use are another room's; these lines must not grow into a second one.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type Call, CallFlag, type Data, KERNEL_GEOMETRY, makeCall, type OperationName } from '../../contract/index.js';

export interface Recorded {
  readonly size: number;
  readonly sha256: string;
  readonly extents: readonly { offset: number; length: number; type: 'data' | 'unwritten'; shared: boolean }[];
  readonly seekCold: readonly { type: 'data' | 'hole'; offset: number; length: number }[];
  readonly seekCached?: readonly { type: 'data' | 'hole'; offset: number; length: number }[];
}
export interface Checkpoint {
  readonly afterLine: number;
  readonly size: number;
  readonly sha256: string;
}
export interface Log {
  readonly name: string;
  readonly blockSize: number;
  /** Calls of each line; empty where it was skipped. */
  readonly lines: readonly (readonly Call[])[];
  readonly expected: Recorded & { readonly checkpoints: readonly Checkpoint[] };
}

/** Where the recordings are, or null. */
export function recordings(folder: string): string | null {
  const path = `../shared/${folder}`;
  return existsSync(path) ? path : null;
}

export function namesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .map(name => name.slice(0, -5))
    .sort();
}

const CALLS: Readonly<Record<string, OperationName>> = {
  write: 'write',
  write_atomic: 'dwrite',
  read: 'read',
  mapread: 'mapread',
  mapwrite: 'mapwrite',
  truncate: 'truncate',
  fallocate: 'falloc',
  punch_hole: 'punch',
  zero_range: 'zero',
  collapse_range: 'collapse',
  insert_range: 'insert',
  clone_range: 'reflink',
  dedupe_range: 'dedupe',
  copy_range: 'copy',
};
const TWO_RANGES: ReadonlySet<OperationName> = new Set(['reflink', 'dedupe', 'copy']);
const GROWING: ReadonlySet<OperationName> = new Set([
  'write',
  'dwrite',
  'mapwrite',
  'zero',
  'falloc',
  'reflink',
  'copy',
]);

export function readLog(folder: string, name: string): Log {
  const about = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8'));
  const direct = about.fsxOptions.includes('-Z');
  const polluting = about.fsxOptions.includes('-e');
  let id = 0;
  const lines = readFileSync(`${folder}/${name}.fsxops`, 'utf8').trim().split('\n');
  const calls = lines.map((line, i) => {
    const words = line.trim().split(/\s+/);
    if (words[0] === 'skip') return [];
    let name = CALLS[words[0]!]!;
    const [first, length, ...rest] = words
      .slice(1)
      .filter(w => w.startsWith('0x'))
      .map(Number);
    const size = rest.at(-1)!;
    const keep = words.includes('keep_size');
    if (words.includes('unshare')) name = 'unshare';
    if (direct && name === 'read') name = 'dread';
    if (direct && name === 'write') name = 'dwrite';
    const data: Data = { fsx: i + 1, seed: about.seed, span: about.maxFileLen };
    const two = TWO_RANGES.has(name);
    let flags = keep ? CallFlag.KEEP_SIZE : 0;
    if (name === 'mapwrite') flags = CallFlag.GROW | CallFlag.MSYNC;
    if (words[0] === 'write_atomic') flags = CallFlag.ATOMIC;
    const call = makeCall(++id, name, 0, {
      offset: two ? rest[0]! : first!,
      fromOffset: two ? first! : 0,
      length: name === 'truncate' ? 0 : length!,
      size: name === 'truncate' ? length! : 0,
      data: name === 'write' || name === 'dwrite' || name === 'mapwrite' ? data : 0,
      flags,
    });
    const garbage = polluting ? pollution(call, size, keep, ++id) : null;
    return garbage === null ? [call] : [garbage, call];
  });
  return { name, blockSize: about.blockSize, lines: calls, expected: about.expected };
}

/** What fsx stores behind the end of the file before it changes the size (-e). */
function pollution(call: Call, size: number, keep: boolean, id: number): Call | null {
  const page = KERNEL_GEOMETRY.pageSize;
  const { name, offset } = call;
  let end = size - (size % page) + page;
  if (GROWING.has(name) && !keep && offset > size) end = Math.min(end, offset + call.length);
  else if (name === 'truncate') end = call.size > size ? Math.min(end, call.size) : end;
  else if (name !== 'collapse' && name !== 'insert') return null;
  if (size % page === 0) return null;
  return makeCall(id, 'mapwrite', 0, { offset: size, length: end - size, data: { byte: 99 }, flags: CallFlag.BEYOND });
}

interface RawStep {
  readonly op: string;
  readonly file?: string;
  readonly src?: string;
  readonly offset?: number;
  readonly srcOffset?: number;
  readonly dstOffset?: number;
  readonly length?: number;
  readonly size?: number;
  readonly pattern?: { readonly byte?: number; readonly tag?: number };
  readonly keepSize?: boolean;
  readonly sync?: boolean;
  readonly flush?: boolean;
  readonly dsync?: boolean;
  readonly expect?: Readonly<Record<string, unknown>>;
}
export interface CaseStep {
  readonly op: string;
  readonly file: number;
  readonly call: Call | null;
  readonly raw: RawStep;
  readonly expect: Readonly<Record<string, unknown>> | null;
}
export interface Case {
  readonly name: string;
  readonly blockSize: number;
  readonly files: readonly string[];
  readonly steps: readonly CaseStep[];
  readonly expected: Readonly<Record<string, Omit<Recorded, 'seekCold'> & { readonly seek: Recorded['seekCold'] }>>;
}

/** Operations of the whole file system, which name no file. */
const WHOLE: ReadonlySet<string> = new Set(['remount', 'sync', 'shutdown']);

const CASE_CALLS: Readonly<Record<string, OperationName>> = {
  mwrite: 'mapwrite',
  mread: 'mapread',
  sync_range: 'syncRange',
  drop_caches: 'dropCaches',
  seek_data: 'seekData',
  seek_hole: 'seekHole',
};

export function readCase(folder: string, name: string): Case {
  const about = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8'));
  const files: string[] = [];
  const idOf = (file: string): number => {
    if (!files.includes(file)) files.push(file);
    return files.indexOf(file);
  };
  const steps = about.ops.map((raw: RawStep, i: number): CaseStep => {
    const file = raw.file === undefined && WHOLE.has(raw.op) ? 0 : idOf(raw.file ?? 'testfile');
    const { op } = raw;
    // Looks at a whole file, which is no call.
    const known = op === 'seek_map' || op === 'sha256';
    let flags = 0;
    if (raw.keepSize === true || op === 'unshare') flags |= CallFlag.KEEP_SIZE;
    if (raw.sync === true || (op === 'drop_caches' && raw.flush !== false)) flags |= CallFlag.FLUSH;
    if (raw.dsync === true) flags |= CallFlag.DSYNC;
    const { pattern } = raw;
    if (known) return { op, file, call: null, raw, expect: raw.expect ?? null };
    const call = makeCall(i + 1, CASE_CALLS[op] ?? (op as OperationName), file, {
      offset: raw.dstOffset ?? raw.offset ?? 0,
      length: raw.length ?? (op === 'fiemap' ? 2 ** 50 : 0),
      size: raw.size ?? 0,
      data: pattern === undefined ? 0 : pattern.byte !== undefined ? { byte: pattern.byte } : { case: pattern.tag! },
      fromFile: raw.src === undefined ? file : idOf(raw.src),
      fromOffset: raw.srcOffset ?? 0,
      flags,
    });
    return { op, file, call, raw, expect: raw.expect ?? null };
  });
  return { name: about.name, blockSize: about.blockSize, files, steps, expected: about.expected.files };
}
