/**
 * Reads the recordings of real file systems into calls, for tests: fsx logs and fstests-style cases. The formats are those
 * of the READMEs beside the recordings. Only what the tests compare is kept.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CallFlag, type Data, type OperationName } from '../../model/contract/index.js';

const shared = fileURLToPath(new URL('../../../../shared/', import.meta.url));

export interface Piece {
  readonly type: 'data' | 'hole' | 'unwritten';
  readonly offset: number;
  readonly length: number;
  readonly shared?: boolean;
}

export interface Step {
  readonly name: OperationName;
  readonly offset?: number;
  readonly length?: number;
  readonly size?: number;
  readonly fromOffset?: number;
  readonly data?: Data;
  readonly flags?: number;
}

export interface FsxLog {
  readonly blockSize: number;
  readonly expected: {
    readonly size: number;
    readonly sha256: string;
    readonly allocated512: number;
    readonly extents: readonly Piece[];
    readonly seekCold: readonly Piece[];
    readonly checkpoints: readonly { afterLine: number; size: number; sha256: string }[];
  };
  /** The calls of each line, which depend on the size the line found. */
  readonly lines: readonly Step[][];
}

/** One operation of a case, as the file has it. */
export interface CaseStep {
  readonly op: string;
  readonly file?: string;
  readonly offset?: number;
  readonly length?: number;
  readonly size?: number;
  readonly keepSize?: boolean;
  readonly dsync?: boolean;
  readonly flush?: boolean;
  readonly logFlush?: boolean;
  readonly sync?: boolean;
  readonly src?: string;
  readonly srcOffset?: number;
  readonly dstOffset?: number;
  readonly pattern?: { readonly byte?: number; readonly tag?: number };
  readonly expect?: {
    readonly errno?: string;
    readonly length?: number;
    readonly offset?: number;
    readonly bytes?: number;
    readonly status?: string;
    readonly size?: number;
    readonly blocks512?: number;
    readonly sha256?: string;
    readonly map?: readonly Piece[];
    readonly extents?: readonly Piece[];
  };
}

export interface Case {
  readonly blockSize: number;
  readonly ops: readonly CaseStep[];
  readonly expected: {
    readonly files: Readonly<
      Record<string, { size: number; sha256: string; extents: readonly Piece[]; seek: readonly Piece[] }>
    >;
  };
}

/** Names of the recordings of a folder, none if they are not here. */
export function recordingNames(folder: string, ending: string): string[] {
  if (!existsSync(shared + folder)) return [];
  return readdirSync(shared + folder)
    .filter(name => name.endsWith(ending))
    .map(name => name.slice(0, -ending.length))
    .sort();
}

export function readCase(name: string): Case {
  return JSON.parse(readFileSync(`${shared}fstests-cases/${name}.json`, 'utf8')) as Case;
}

export function readFsxLog(name: string): FsxLog {
  const about = JSON.parse(readFileSync(`${shared}fsx-ops/${name}.json`, 'utf8')) as {
    blockSize: number;
    pageSize: number;
    seed: number;
    maxFileLen: number;
    fsxOptions: string[];
    expected: FsxLog['expected'];
  };
  const reader = new LineReader(about.seed, about.maxFileLen, about.pageSize, about.fsxOptions);
  const text = readFileSync(`${shared}fsx-ops/${name}.fsxops`, 'utf8');
  const lines = text
    .split('\n')
    .filter(line => line !== '')
    .map((line, index) => reader.line(line, index + 1));
  return { blockSize: about.blockSize, expected: about.expected, lines };
}

/** Lines whose operation has a destination. */
const TWO_RANGES = new Set(['clone_range', 'dedupe_range', 'copy_range', 'exchange_range']);

class LineReader {
  private readonly seed: number;
  private readonly span: number;
  private readonly page: number;
  private readonly direct: boolean;
  private readonly pollutes: boolean;

  constructor(seed: number, span: number, page: number, options: readonly string[]) {
    this.seed = seed;
    this.span = span;
    this.page = page;
    this.direct = options.includes('-Z');
    this.pollutes = options.includes('-e') && options[options.indexOf('-e') + 1] === '1';
  }

  line(text: string, number: number): Step[] {
    const words = text.split(' ');
    if (words[0] === 'skip') return [];
    const name = words.shift()!;
    const numbers = words.filter(word => word.startsWith('0x')).map(word => Number.parseInt(word, 16));
    const [offset, length] = numbers as [number, number];
    const to = TWO_RANGES.has(name) ? numbers[2]! : offset;
    const size = numbers.at(-1)!;
    const keep = words.includes('keep_size') ? CallFlag.KEEP_SIZE : 0;
    const step = this.step(name, offset, length, to, number, keep, words.includes('unshare'));
    const steps = [...this.pollution(name, to, length, size, keep !== 0, number), step];
    if (words.includes('close_open')) steps.push({ name: 'close' }, { name: 'open' });
    return steps;
  }

  private step(
    name: string,
    offset: number,
    length: number,
    to: number,
    number: number,
    keep: number,
    unshares: boolean,
  ): Step {
    const data: Data = { fsx: number, seed: this.seed, span: this.span };
    switch (name) {
      case 'read':
        return { name: this.direct ? 'dread' : 'read', offset, length };
      case 'write':
        return { name: this.direct ? 'dwrite' : 'write', offset, length, data };
      case 'write_atomic':
        return { name: 'dwrite', offset, length, data, flags: CallFlag.ATOMIC };
      case 'mapread':
        return { name: 'mapread', offset, length };
      case 'mapwrite':
        return { name: 'mapwrite', offset, length, data, flags: CallFlag.GROW | CallFlag.MSYNC };
      case 'truncate':
        return { name: 'truncate', size: length };
      case 'fallocate':
        return { name: unshares ? 'unshare' : 'falloc', offset, length, flags: keep };
      case 'punch_hole':
        return { name: 'punch', offset, length };
      case 'zero_range':
        return { name: 'zero', offset, length, flags: keep };
      case 'collapse_range':
        return { name: 'collapse', offset, length };
      case 'insert_range':
        return { name: 'insert', offset, length };
      case 'clone_range':
        return { name: 'reflink', fromOffset: offset, length, offset: to };
      case 'dedupe_range':
        return { name: 'dedupe', fromOffset: offset, length, offset: to };
      case 'copy_range':
        return { name: 'copy', fromOffset: offset, length, offset: to };
      default:
        throw new Error(`line ${number}: unknown operation ${name}`);
    }
  }

  /** The stores behind the end that fsx makes before an operation that changes the size. */
  private pollution(name: string, to: number, length: number, size: number, keep: boolean, number: number): Step[] {
    if (!this.pollutes || size % this.page === 0) return [];
    const pageEnd = size - (size % this.page) + this.page;
    const grownTo = name === 'truncate' ? length : to + length;
    const startsBehind = to > size;
    let end = 0;
    if (name === 'collapse_range' || name === 'insert_range') end = pageEnd;
    else if (name === 'truncate') end = length < size ? pageEnd : Math.min(pageEnd, grownTo);
    else if (['write', 'mapwrite', 'clone_range', 'copy_range'].includes(name) && startsBehind)
      end = Math.min(pageEnd, grownTo);
    else if (['zero_range', 'fallocate'].includes(name) && !keep && grownTo > size && startsBehind)
      end = Math.min(pageEnd, grownTo);
    if (end <= size) return [];
    const data: Data = { byte: 0x80 | (number & 0x7f) };
    return [{ name: 'mapwrite', offset: size, length: end - size, data, flags: CallFlag.BEYOND }];
  }
}
