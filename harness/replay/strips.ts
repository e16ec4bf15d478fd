/**
 * Files drawn block by block: the extents in words, then a strip for the data fork, one for copy-on-write, one for the
 * page cache, a character a block. Stretches in which nothing is are left out, so that sparse files stay short.
 */
import pc from 'picocolors';
import { BlockTable, Cached, CowFork, type FileView, Fork, type Geometry } from '../../model/contract/index.js';

/** What each character means, for the top of a timeline. */
export const LEGEND: readonly string[] = [
  'map    extents in blocks, and where they are on the device',
  'data   . hole   d delayed   u unwritten   W written   S written, shared',
  'cow    . none   d delayed   R reserved    B being written',
  'cache  . absent   - not uptodate   c clean   D dirty   w under writeback   L locked',
];

/** Blocks drawn in one row. */
const ROW = 64;
/** Rows drawn for one file; a file with more is cut, and says so. */
const MOST_ROWS = 6;
/** A gap of at least this many empty blocks is left out. */
const GAP = 16;

const DATA: Readonly<Record<number, string>> = {
  [Fork.hole]: '.',
  [Fork.delay]: 'd',
  [Fork.unwritten]: 'u',
  [Fork.written]: 'W',
};
const KINDS: Readonly<Record<number, string>> = {
  [Fork.delay]: 'delayed',
  [Fork.unwritten]: 'unwritten',
  [Fork.written]: 'written',
};
const COW: Readonly<Record<number, string>> = {
  [CowFork.none]: '.',
  [CowFork.delay]: 'd',
  [CowFork.real]: 'R',
  [CowFork.busy]: 'B',
};
const PAINT: Readonly<Record<string, (text: string) => string>> = {
  '.': pc.dim,
  d: pc.yellow,
  u: pc.cyan,
  W: pc.green,
  S: pc.magenta,
  R: pc.cyan,
  B: pc.yellow,
  '-': pc.dim,
  c: pc.green,
  D: pc.red,
  w: pc.yellow,
  L: pc.magenta,
};

/** Extents named in one line; more are counted. */
const MOST_EXTENTS = 12;

/** A run of blocks of one kind, at neighbouring device blocks where it has any. */
interface Run {
  readonly kind: string;
  readonly first: number;
  count: number;
  readonly device: number;
}

/** The extents and strips of a file, without indentation. */
export function stripsOf(file: FileView, geometry: Geometry): string[] {
  const lines: string[] = [];
  const runs: Run[] = [];
  const table = new BlockTable();
  let rows = 0;
  for (let first = file.next(0); first >= 0; ) {
    if (rows++ === MOST_ROWS) {
      lines.push(pc.dim(`… more from block ${first}`));
      break;
    }
    const count = rowLength(file, first);
    table.frame(first, count);
    file.describe(first, count, table);
    const at = pc.dim(`block ${first} (byte ${first * geometry.blockSize})`);
    lines.push(`data   ${strip(count, i => dataSign(table, i))}  ${at}`);
    if (some(count, i => table.cow[i] !== CowFork.none))
      lines.push(`cow    ${strip(count, i => COW[table.cow[i]!] ?? '?')}`);
    lines.push(`cache  ${strip(count, i => cacheSign(table.cache[i]!))}`);
    for (let i = 0; i < count; i++) extend(runs, table, i);
    first = file.next(first + count);
  }
  return runs.length === 0 ? lines : [`map    ${runsText(runs)}`, ...lines];
}

/** Adds a block to the last run, or begins one. */
function extend(runs: Run[], table: BlockTable, i: number): void {
  const kind = KINDS[table.data[i]!] ?? '';
  if (kind === '') return;
  const name = table.shared[i] === 1 ? `${kind}, shared` : kind;
  const first = table.first + i;
  const device = table.dataBlock[i]!;
  const last = runs.at(-1);
  const follows = last !== undefined && last.first + last.count === first && last.kind === name;
  if (follows && (device < 0 || last.device + last.count === device)) last.count++;
  else runs.push({ kind: name, first, count: 1, device });
}

/** `[0, 3) written at 5, [3, 4) delayed`, in blocks. */
function runsText(runs: readonly Run[]): string {
  const named = runs.slice(0, MOST_EXTENTS).map(({ kind, first, count, device }) => {
    const place = device < 0 ? '' : ` at ${device}`;
    return `[${first}, ${first + count}) ${kind}${place}`;
  });
  const more = runs.length > MOST_EXTENTS ? [`${runs.length - MOST_EXTENTS} more`] : [];
  return [...named, ...more].join('; ');
}

/** From `first` on: up to a row, ending before a gap. */
function rowLength(file: FileView, first: number): number {
  let last = first;
  for (;;) {
    const next = file.next(last + 1);
    if (next < 0 || next - last > GAP || next - first >= ROW) return last - first + 1;
    last = next;
  }
}

function some(count: number, holds: (i: number) => boolean): boolean {
  for (let i = 0; i < count; i++) if (holds(i)) return true;
  return false;
}

function strip(count: number, sign: (i: number) => string): string {
  let text = '';
  for (let i = 0; i < count; i++) {
    const character = sign(i);
    text += PAINT[character]?.(character) ?? character;
  }
  return text;
}

function dataSign(table: BlockTable, i: number): string {
  return table.shared[i] === 1 && table.data[i] === Fork.written ? 'S' : (DATA[table.data[i]!] ?? '?');
}

function cacheSign(bits: number): string {
  if ((bits & Cached.present) === 0) return '.';
  if ((bits & Cached.locked) !== 0) return 'L';
  if ((bits & Cached.writeback) !== 0) return 'w';
  if ((bits & Cached.dirty) !== 0) return 'D';
  return (bits & Cached.uptodate) !== 0 ? 'c' : '-';
}
