/**
 * The commands beside a recording (`NAME.cmds`) as calls: xfs_io steps with what they printed. Random load (fio), loops,
 * and whatever else is no single xfs_io is not understood; the files of such a step are named, so that nothing more is
 * expected of them. For tests of the reference model against recordings.
 */
import { type Call, CallFlag, makeCall } from '../../model/contract/index.js';
import type { LayoutPiece, SeekPiece } from '../../model/files/index.js';

type SeekStart = Omit<SeekPiece, 'length'>;

/** A question whose printed answer the model must permit. */
export type Question =
  | { readonly kind: 'seek'; readonly file: number; readonly printed: readonly SeekStart[] }
  | { readonly kind: 'fiemap'; readonly file: number; readonly printed: readonly LayoutPiece[] };

/** A write whose place is the end of the file at that time. */
export interface Append {
  readonly kind: 'append';
  readonly file: number;
  readonly write: Call;
}

export type Action = Call | Question | Append;

export interface Step {
  readonly text: string;
  readonly actions: readonly Action[];
  /** Files that something unknown happened to; null: it may have been any. */
  readonly unknown: readonly number[] | null;
}

export interface Commands {
  /** The file system, and its block size. */
  readonly fs: string;
  readonly blockSize: number;
  readonly files: readonly string[];
  readonly steps: readonly Step[];
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 2 ** 20 };
const SECTOR = 512;
/** What xfs_io stores when it is not told. */
const FILLS: Readonly<Record<string, number>> = { pwrite: 0xcd, mwrite: 0x58 };

/** `64k`, `1m`, `4608`. */
function size(word: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([km]?)$/.exec(word) ?? [];
  return Number(digits) * (UNITS[unit] ?? Number.NaN);
}

/** What the header says of the file system: its name, empty if it says nothing, and its block size. */
export function readFileSystem(text: string): { readonly fs: string; readonly blockSize: number } {
  const [, fs = '', options = ''] = /filesystem (\w+) made with: (.*?)(?: \(|$)/m.exec(text) ?? [];
  const size = /-(?:b (?:size=)?|C)(\d+)/.exec(options)?.[1];
  return { fs, blockSize: Number(size ?? 4096) };
}

export function readCommands(text: string): Commands {
  const files: string[] = [];
  const fileOf = (name: string): number => {
    if (!files.includes(name)) files.push(name);
    return files.indexOf(name);
  };
  const steps: Step[] = [];
  const parts = text.split(/^step \d+: /m).slice(1);
  parts.forEach((part, index) => {
    const [command = '', ...rest] = part.split('\n');
    const printed = rest.filter(line => line.startsWith('#> ')).map(line => line.slice(3));
    steps.push(readStep(command, printed, fileOf, index * 100 + 1));
  });
  return { ...readFileSystem(text), files, steps };
}

function readStep(command: string, printed: readonly string[], fileOf: (name: string) => number, id: number): Step {
  const match = /^xfs_io ((?:-[a-z] )*)((?:(?:-c '[^']*'|-c \S+) )+)(\S+)$/.exec(command);
  if (match === null) {
    const names = [...command.matchAll(/--filename=(\w+)|-c '[^']*' (\w+)/g)].map(m => m[1] ?? m[2] ?? '');
    return { text: command, actions: [], unknown: names.length === 0 ? null : names.map(fileOf) };
  }
  const options = match[1] ?? '';
  const file = fileOf(match[3] ?? '');
  const actions: Action[] = [];
  const unknown: number[] = [];
  const at = (): number => id + actions.length;
  for (const [, quoted, bare] of (match[2] ?? '').matchAll(/-c (?:'([^']*)'|(\S+))/g)) {
    const words = (quoted ?? bare ?? '').split(/\s+/);
    const read = readCommand(words, file, options, printed, fileOf, at);
    if (read === null) unknown.push(file);
    else actions.push(...read);
  }
  return { text: command, actions, unknown };
}

function readCommand(
  words: readonly string[],
  file: number,
  options: string,
  printed: readonly string[],
  fileOf: (name: string) => number,
  at: () => number,
): readonly Action[] | null {
  const [name = ''] = words;
  const flags = words.filter(word => word.startsWith('-'));
  const plain = words.slice(1).filter((word, i) => !word.startsWith('-') && !/^-[bSsdl]$|^-V$/.test(words[i] ?? ''));
  const [a = '', b = '', c = '', d = ''] = plain;
  const [offset, length] = [size(a), size(b)];
  const direct = options.includes('-d');
  const sync = options.includes('-s') ? CallFlag.SYNC : 0;
  const keep = flags.includes('-k') ? CallFlag.KEEP_SIZE : 0;
  const data = { byte: Number(words[words.indexOf('-S') + 1] ?? FILLS[name]) || (FILLS[name] ?? 0) };
  switch (name) {
    case 'pwrite': {
      const write = makeCall(at(), direct ? 'dwrite' : 'write', file, { offset, length, data, flags: sync });
      return options.includes('-a') ? [{ kind: 'append', file, write }] : [write];
    }
    case 'pread':
      return [makeCall(at(), direct ? 'dread' : 'read', file, { offset, length })];
    case 'fsync':
    case 'fdatasync':
      return [makeCall(at(), name, file)];
    case 'truncate':
      return [makeCall(at(), 'truncate', file, { size: offset })];
    case 'falloc':
    case 'fzero':
      return [makeCall(at(), name === 'falloc' ? 'falloc' : 'zero', file, { offset, length, flags: keep })];
    case 'fpunch':
      return [makeCall(at(), 'punch', file, { offset, length })];
    case 'fcollapse':
      return [makeCall(at(), 'collapse', file, { offset, length })];
    case 'finsert':
      return [makeCall(at(), 'insert', file, { offset, length })];
    case 'funshare':
      return [makeCall(at(), 'unshare', file, { offset, length })];
    case 'reflink': {
      const range =
        b === '' ? { fromOffset: 0, offset: 0, length: 0 } : { fromOffset: size(b), offset: size(c), length: size(d) };
      return [makeCall(at(), 'reflink', file, { fromFile: fileOf(a), ...range })];
    }
    case 'dedupe':
      return [
        makeCall(at(), 'dedupe', file, { fromFile: fileOf(a), fromOffset: size(b), offset: size(c), length: size(d) }),
      ];
    case 'copy_range': {
      const value = (flag: string): number => size(words[words.indexOf(flag) + 1] ?? '');
      const from = words.at(-1) ?? '';
      return [
        makeCall(at(), 'copy', file, {
          fromFile: fileOf(from),
          fromOffset: value('-s'),
          offset: value('-d'),
          length: value('-l'),
        }),
      ];
    }
    case 'sync_range':
      // Without waiting (-w alone) nothing is promised; waiting (-a) is for what an earlier one started.
      return flags.includes('-a') ? [makeCall(at(), 'syncRange', file, { offset, length })] : [];
    case 'fadvise':
      return [makeCall(at(), 'dropCaches', file)];
    case 'mread':
      return [makeCall(at(), 'mapread', file, { offset, length })];
    case 'mwrite':
      return [makeCall(at(), 'mapwrite', file, { offset, length, data })];
    case 'msync':
      return [makeCall(at(), 'msync', file)];
    case 'seek':
      return [{ kind: 'seek', file, printed: seekStarts(printed) }];
    case 'fiemap':
      // It writes back first. The model is not asked for its own answer, which would narrow what it permits.
      return [makeCall(at(), 'syncRange', file), { kind: 'fiemap', file, printed: layoutPieces(printed) }];
    case 'mmap':
    case 'munmap':
      return [];
    default:
      return null;
  }
}

/** `DATA 0`, `HOLE 65536`, … Each piece ends where the next begins; the last, a hole, at the end of the file. */
function seekStarts(printed: readonly string[]): SeekStart[] {
  return printed.flatMap(line => {
    const match = /^(DATA|HOLE)\t(\d+)$/.exec(line);
    return match === null
      ? []
      : [{ type: match[1] === 'DATA' ? ('data' as const) : ('hole' as const), offset: Number(match[2]) }];
  });
}

/** The seek map of a file of `size` bytes. */
export function seekMapOf(starts: readonly SeekStart[], size: number): SeekPiece[] {
  return starts
    .map((start, i) => ({ ...start, length: (starts[i + 1]?.offset ?? size) - start.offset }))
    .filter(piece => piece.length > 0);
}

/** Rows of `fiemap -v`, in sectors; the flags tell unwritten and shared. Holes are left out, neighbours joined. */
function layoutPieces(printed: readonly string[]): LayoutPiece[] {
  const pieces: LayoutPiece[] = [];
  for (const line of printed) {
    const match = /^\s*\d+: \[(\d+)\.\.(\d+)\]:\s+(?:\d+\.\.\d+)\s+\d+\s+0x([0-9a-f]+)$/.exec(line);
    if (match === null) continue;
    const flags = Number.parseInt(match[3]!, 16);
    const offset = Number(match[1]) * SECTOR;
    const length = (Number(match[2]) + 1) * SECTOR - offset;
    const type = (flags & 0x4) !== 0 ? 'delalloc' : (flags & 0x800) !== 0 ? 'unwritten' : 'data';
    const shared = (flags & 0x2000) !== 0;
    const last = pieces.at(-1);
    if (last !== undefined && last.type === type && last.shared === shared && last.offset + last.length === offset) {
      pieces[pieces.length - 1] = { ...last, length: last.length + length };
    } else pieces.push({ offset, length, type, shared });
  }
  return pieces;
}
