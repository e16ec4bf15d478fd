/**
 * The state of one block as a number of 16 bits, and rules about single blocks compiled into tables over all such
 * numbers: looking at a block costs one load, however many rules there are. Rules are written against `BlockState`, the
 * same thing with names, and are called only while the tables are made.
 */
import { Cached } from '../../../model/contract/index.js';
import type { BlockRule } from './definition.js';

/** A block of a file: its two forks, its place in the cache, where it lies, and whether anything is going on. */
export interface BlockState {
  /** `Fork`. */
  readonly data: number;
  readonly shared: boolean;
  /** `CowFork`. */
  readonly cow: number;
  readonly present: boolean;
  readonly uptodate: boolean;
  readonly dirty: boolean;
  readonly folioUptodate: boolean;
  readonly folioDirty: boolean;
  readonly locked: boolean;
  readonly writeback: boolean;
  readonly blockState: boolean;
  readonly writable: boolean;
  /** It begins below the in-core size: i < last(isize). */
  readonly below: boolean;
  /** Scope Q: nothing runs, nothing is in flight. */
  readonly quiet: boolean;
}

const SHARED = 1 << 2;
const COW_SHIFT = 3;
const CACHE_SHIFT = 5;
/** The bits of a code, for readers that need only one of them. */
export const Code = {
  data: 3,
  shared: SHARED,
  cow: 3 << COW_SHIFT,
  present: Cached.present << CACHE_SHIFT,
  uptodate: Cached.uptodate << CACHE_SHIFT,
  dirty: Cached.dirty << CACHE_SHIFT,
  locked: Cached.locked << CACHE_SHIFT,
  writeback: Cached.writeback << CACHE_SHIFT,
  writable: Cached.writable << CACHE_SHIFT,
  below: 1 << 14,
  quiet: 1 << 15,
  /** What belongs to the block itself, without its surroundings. */
  own: (1 << 14) - 1,
} as const;

/** The number of a block state; `place` is the union of `Code.below` and `Code.quiet` as they apply. */
export function blockCode(data: number, shared: number, cow: number, cache: number, place: number): number {
  return data | (shared << 2) | (cow << COW_SHIFT) | (cache << CACHE_SHIFT) | place;
}

/** `CowFork` of a code. */
export function cowOf(code: number): number {
  return (code & Code.cow) >> COW_SHIFT;
}

/** A code with names. */
export function decodeBlock(code: number): BlockState {
  const cached = (bit: number): boolean => (code & (bit << CACHE_SHIFT)) !== 0;
  return {
    data: code & Code.data,
    shared: (code & SHARED) !== 0,
    cow: cowOf(code),
    present: cached(Cached.present),
    uptodate: cached(Cached.uptodate),
    dirty: cached(Cached.dirty),
    folioUptodate: cached(Cached.folioUptodate),
    folioDirty: cached(Cached.folioDirty),
    locked: cached(Cached.locked),
    writeback: cached(Cached.writeback),
    blockState: cached(Cached.blockState),
    writable: cached(Cached.writable),
    below: (code & Code.below) !== 0,
    quiet: (code & Code.quiet) !== 0,
  };
}

/**
 * What all rules say of each state, in one word: bit k is set where rule k has something to say, and bit k + `MOST_RULES`
 * where it is broken. The words of several states together are their union.
 */
export type RuleTable = Uint32Array;
const MOST_RULES = 16;

/** The rules that had something to say, a bit each. */
export function concernedIn(word: number): number {
  return word & ((1 << MOST_RULES) - 1);
}

/** The rules that are broken. */
export function brokenIn(word: number): number {
  return word >>> MOST_RULES;
}

/** Compiles rules over `codes` states. */
export function compileRules<State>(
  rules: readonly { concerns(state: State): boolean; holds(state: State): boolean }[],
  codes: number,
  decode: (code: number) => State,
): RuleTable {
  if (rules.length > MOST_RULES) throw new Error(`${rules.length} rules do not fit a word of ${2 * MOST_RULES} bits`);
  const table = new Uint32Array(codes);
  if (rules.length === 0) return table;
  for (let code = 0; code < codes; code++) {
    const state = decode(code);
    rules.forEach((rule, bit) => {
      if (!rule.concerns(state)) return;
      table[code]! |= 1 << bit;
      if (!rule.holds(state)) table[code]! |= 1 << (bit + MOST_RULES);
    });
  }
  return table;
}

/** The table of rules about blocks. */
export function compileBlockRules(rules: readonly BlockRule[]): RuleTable {
  return compileRules(rules, 1 << 16, decodeBlock);
}
