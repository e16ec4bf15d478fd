/**
 * The bounded programs whose crash states are exhausted: a small alphabet of operations on two files, each with two ranges,
 * one of whole blocks and one that is not and touches the end, and a sync possible after each step. Tiny blocks of two
 * sectors, and records of the log of at least two.
 */
import { type Call, CallFlag, type Geometry, makeCall, type OperationName } from '../../model/contract/index.js';

export const CRASH_GEOMETRY: Geometry = {
  blockSize: 128,
  pageSize: 128,
  maxFolioSize: 256,
  sectorSize: 64,
  deviceBlocks: 64,
};

/** Files a and b. */
export const PROGRAM_FILES = 2;

/** Bytes of file a when a program begins: two blocks and a part of one; b has one block. All synced. */
export const SIZE_A = 288;
export const SIZE_B = 128;

type Fields = Partial<Call>;
interface Letter {
  readonly word: string;
  readonly name: OperationName;
  readonly file: 0 | 1;
  readonly fields: Fields;
}

const letter = (word: string, name: OperationName, file: 0 | 1, fields: Fields): Letter => ({
  word,
  name,
  file,
  fields,
});

/**
 * The letters of the alphabet; those of file b are few, for b is there to be the other file. A store through a mapping reaches
 * behind the end of the file.
 */
const LETTERS: readonly Letter[] = [
  letter('write-blocks', 'write', 0, { offset: 128, length: 128 }),
  letter('write-part', 'write', 0, { offset: 200, length: 88 }),
  letter('append-part', 'write', 0, { offset: 288, length: 40 }),
  letter('append-blocks', 'write', 0, { offset: 384, length: 128 }),
  letter('dwrite-blocks', 'dwrite', 0, { offset: 128, length: 256 }),
  letter('dwrite-part', 'dwrite', 0, { offset: 256, length: 64 }),
  letter('dsync-blocks', 'dwrite', 0, { offset: 128, length: 128, flags: CallFlag.DSYNC }),
  letter('dsync-part', 'dwrite', 0, { offset: 256, length: 64, flags: CallFlag.DSYNC }),
  letter('map-behind', 'mapwrite', 0, { offset: 300, length: 20, flags: CallFlag.BEYOND }),
  letter('truncate-down-part', 'truncate', 0, { size: 160 }),
  letter('truncate-down-blocks', 'truncate', 0, { size: 128 }),
  letter('truncate-up-part', 'truncate', 0, { size: 500 }),
  letter('truncate-up-blocks', 'truncate', 0, { size: 512 }),
  letter('punch-blocks', 'punch', 0, { offset: 128, length: 128 }),
  letter('punch-part', 'punch', 0, { offset: 80, length: 208 }),
  letter('zero-blocks', 'zero', 0, { offset: 128, length: 128 }),
  letter('zero-part', 'zero', 0, { offset: 200, length: 120 }),
  letter('prealloc-blocks', 'falloc', 0, { offset: 384, length: 256 }),
  letter('prealloc-part', 'falloc', 0, { offset: 260, length: 160 }),
  letter('reflink-blocks', 'reflink', 0, { offset: 0, length: 128, fromFile: 1, fromOffset: 0 }),
  letter('reflink-whole', 'reflink', 1, { offset: 0, length: 0, fromFile: 0, fromOffset: 0 }),
  letter('write-b-blocks', 'write', 1, { offset: 0, length: 128 }),
  letter('write-b-part', 'write', 1, { offset: 100, length: 60 }),
];

/**
 * What may follow a step. `other`: write-back of the file begins, and while it is in flight the other file gets a block
 * behind its end and is synced, which takes the log with it and waits for no data.
 */
const SYNCS = ['none', 'fsync', 'fdatasync', 'other'] as const;
type Sync = (typeof SYNCS)[number];

/** A program: letters, each followed by a sync or none. Its name says it: `write-part+fsync,append-blocks`. */
export interface Program {
  readonly name: string;
  readonly calls: readonly Call[];
  /**
   * Index of the first call that no shorter program has, nor the one without the last sync: the crashes before it are
   * theirs.
   */
  readonly own: number;
}

/** More than any file ever has, and where preallocation behind the end begins. */
const WHOLE: Fields = { offset: 0, length: 2048 };
const BEHIND = 2048;

function makeProgram(steps: readonly (readonly [Letter, Sync])[]): Program {
  const calls: Call[] = [
    makeCall(1, 'write', 0, { length: SIZE_A, data: 1 }),
    makeCall(2, 'write', 1, { length: SIZE_B, data: 2 }),
    makeCall(3, 'sync', 0),
    makeCall(4, 'complete', 0),
  ];
  const add = (name: OperationName, file: number, fields: Fields): void => {
    const id = calls.length + 1;
    calls.push(makeCall(id, name, file, name.endsWith('write') ? { ...fields, data: id } : fields));
  };
  let own = 0;
  for (const [{ name, file, fields }, sync] of steps) {
    own = calls.length;
    add(name, file, fields);
    if (sync !== 'none') own = calls.length;
    if (sync === 'other') {
      add('writeback', file, WHOLE);
      add('falloc', 1 - file, { offset: BEHIND + 128 * calls.length, length: 128, flags: CallFlag.KEEP_SIZE });
      add('fsync', 1 - file, {});
    } else if (sync !== 'none') add(sync, file, {});
  }
  // What is still dirty is written back in the end, so that its I/O is crashed too.
  add('writeback', 0, WHOLE);
  add('writeback', 1, WHOLE);
  add('complete', 0, {});
  add('fsync', 0, {});
  add('fsync', 1, {});
  const words = steps.map(([{ word }, sync]) => (sync === 'none' ? word : `${word}+${sync}`));
  const name = words.length === 0 ? NOTHING : words.join(',');
  return { name, calls, own };
}

/** The program of no operation. */
const NOTHING = 'nothing';

/** The steps that programs are made of: each letter with each sync. */
export interface Alphabet {
  readonly letters: readonly Letter[];
  readonly syncs: readonly Sync[];
}

/** What every writer of files does: no synchronous writes, no mapped stores, no steps on the other file but a clone to it. */
const BASIC: Alphabet = {
  letters: LETTERS.filter(({ word }) => !/^dsync-|^map-|^write-b-/.test(word)),
  syncs: ['none', 'fsync', 'fdatasync'],
};

export const ALPHABETS = { basic: BASIC, whole: { letters: LETTERS, syncs: SYNCS } } as const;
export type AlphabetName = keyof typeof ALPHABETS;
export const ALPHABET_NAMES = Object.keys(ALPHABETS) as readonly AlphabetName[];

/** How many programs there are of up to so many operations, with the one of none. */
export function countPrograms(longest: number, { letters, syncs }: Alphabet = ALPHABETS.whole): number {
  let count = 0;
  for (let length = 0; length <= longest; length++) count += (letters.length * syncs.length) ** length;
  return count;
}

/** The nth of them, the short ones first. Neighbours differ in their last step. */
export function programAt(n: number, { letters, syncs }: Alphabet = ALPHABETS.whole): Program {
  const choices = letters.length * syncs.length;
  let length = 0;
  let place = n;
  while (place >= choices ** length) place -= choices ** length++;
  const steps: (readonly [Letter, Sync])[] = [];
  for (; steps.length < length; place = Math.floor(place / choices)) {
    const step = place % choices;
    steps.unshift([letters[Math.floor(step / syncs.length)]!, syncs[step % syncs.length]!]);
  }
  return makeProgram(steps);
}

/** The program of that name, or what is wrong with it. */
export function programNamed(name: string): Program | string {
  const steps: (readonly [Letter, Sync])[] = [];
  if (name === NOTHING) return makeProgram(steps);
  for (const part of name.split(',')) {
    const [word = '', sync = 'none', ...more] = part.trim().split('+');
    const step = LETTERS.find(other => other.word === word);
    if (step === undefined)
      return `${name}: '${word}' is no step; expected one of ${anyOf(LETTERS.map(it => it.word))}`;
    if (!isSync(sync) || more.length > 0)
      return `${name}: '${[sync, ...more].join('+')}' is no sync; expected ${anyOf(SYNCS.slice(1))} after ${word}+`;
    steps.push([step, sync]);
  }
  return makeProgram(steps);
}

function anyOf(list: readonly string[]): string {
  return `${list.slice(0, -1).join(', ')} or ${list.at(-1)}`;
}

function isSync(word: string): word is Sync {
  return (SYNCS as readonly string[]).includes(word);
}
