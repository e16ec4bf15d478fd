/**
 * What each operation does to the layout of a file, as far as a crash can tell: which whole blocks get other storage,
 * whether its transactions carry the size, whether blocks move. From CR-34, CR-40 … CR-45, FS-X9 … FS-X14.
 *
 * dedupe, and the part of unshare that rewrites, change no byte: they are left out, and the versions from before them stay
 * possible, which permits a little more than it must. A copy may be a clone or a write in any part, so it counts as
 * stores.
 */
import { type Bytes, type Call, CallFlag, LOOKING, type OperationName } from '../../contract/index.js';
import type { State } from '../state/state.js';
import type { Durability } from './moment.js';

export interface Effects {
  readonly durability: Durability;
  /** The whole blocks that get other storage or lose theirs, as [from, to); `before` is the size before the call. */
  readonly replaces?: (state: State, call: Call, before: Bytes) => readonly [Bytes, Bytes];
  /** Its own transaction makes the size durable when the size changes. */
  readonly setsSize?: true;
  readonly shifts?: true;
}

const nowhere: readonly [Bytes, Bytes] = [0, 0];

function wholeBlocks(state: State, call: Call): readonly [Bytes, Bytes] {
  const from = state.blockUp(call.offset);
  const to = state.blockDown(call.offset + call.length);
  return from < to ? [from, to] : nowhere;
}

function fromOffset(state: State, call: Call): readonly [Bytes, Bytes] {
  return [state.blockDown(call.offset), Number.POSITIVE_INFINITY];
}

const EFFECTS: Readonly<Partial<Record<OperationName, Effects>>> = {
  write: { durability: 'store' },
  dwrite: { durability: 'store' },
  mapwrite: { durability: 'store' },
  copy: { durability: 'store' },
  truncate: {
    durability: 'meta',
    setsSize: true,
    replaces: (state, call, before) =>
      call.size < before ? [state.blockUp(call.size), Number.POSITIVE_INFINITY] : nowhere,
  },
  falloc: { durability: 'meta', setsSize: true },
  unshare: { durability: 'meta', setsSize: true },
  punch: { durability: 'meta', replaces: wholeBlocks },
  zero: { durability: 'meta', setsSize: true, replaces: wholeBlocks },
  collapse: { durability: 'meta', setsSize: true, shifts: true, replaces: fromOffset },
  insert: { durability: 'meta', setsSize: true, shifts: true, replaces: fromOffset },
  reflink: {
    durability: 'meta',
    setsSize: true,
    replaces: (state, call) => [state.blockDown(call.offset), state.blockUp(call.offset + call.length)],
  },
  remove: { durability: 'meta', setsSize: true, replaces: () => [0, Number.POSITIVE_INFINITY] },
};

/** Null for operations that change nothing a crash could bring back. */
export function effectsOf(name: OperationName): Effects | null {
  return EFFECTS[name] ?? null;
}

/**
 * What leaves every file as it is, so that the order of another call among it cannot matter: it looks, or takes to the
 * device what is there already, sooner than it would have gone (WB-60, DIO-03).
 */
const CHANGING_NOTHING: ReadonlySet<OperationName> = new Set([
  ...LOOKING,
  'fsync',
  'fdatasync',
  'msync',
  'syncRange',
  'sync',
]);

export function changesNothing(name: OperationName): boolean {
  return CHANGING_NOTHING.has(name);
}

/** What a sync call that returned 0 promises: everything of its file, of all files, a range, or nothing (CR-20 … CR-24). */
export function promiseOf(call: Call): 'file' | 'all' | 'range' | null {
  switch (call.name) {
    case 'fsync':
    case 'fdatasync':
    case 'msync':
      return 'file';
    case 'sync':
    case 'remount':
      return 'all';
    case 'write':
    case 'dwrite':
      return (call.flags & (CallFlag.DSYNC | CallFlag.SYNC)) !== 0 ? 'range' : null;
    case 'mapwrite':
      return (call.flags & CallFlag.MSYNC) !== 0 ? 'range' : null;
    default:
      return null;
  }
}
