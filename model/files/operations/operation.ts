/**
 * What the model knows of one operation: which answers are permitted in a state, and the atomic steps that make the
 * answered call's changes. Steps are plain functions on plain state; an operation changes nothing until it was answered,
 * because only the answer tells how far it came.
 */
import {
  type Answer,
  type Bytes,
  type Call,
  type Errno,
  errnoName,
  type Finding,
  type RuleId,
} from '../../contract/index.js';
import type { State } from '../state/state.js';

/** The permitted results of a call but for what it read: a count in a range, or one of a few errnos. Reused. */
export class Expected {
  /** A successful answer is permitted, with a count in [least, most]; `count` is the likeliest, if the operation's `fill` finds no other. */
  success = true;
  least: Bytes = 0;
  most: Bytes = 0;
  count: Bytes = 0;
  /** Permitted errnos, the likeliest first. */
  readonly errors: Errno[] = [];

  clear(): void {
    this.success = true;
    this.least = 0;
    this.most = 0;
    this.count = 0;
    while (this.errors.length > 0) this.errors.pop();
  }

  /** Exactly this count. */
  exactly(count: Bytes): this {
    this.least = count;
    this.most = count;
    this.count = count;
    return this;
  }

  /** Nothing but this errno: the call has one cause to fail (invariants.md section 9). */
  only(error: Errno): this {
    this.success = false;
    while (this.errors.length > 0) this.errors.pop();
    this.errors.push(error);
    return this;
  }

  /** What the other permits too. */
  permit({ success, least, most, errors }: Expected): void {
    this.success ||= success;
    this.least = Math.min(this.least, least);
    this.most = Math.max(this.most, most);
    for (const error of errors) this.or(error);
  }

  /** Either all of `length` or an error: a part of an atomic write is no answer (INV-57). */
  undivided(length: Bytes): void {
    if (this.success && this.most >= length) this.exactly(length);
    else this.success = false;
  }

  /** This errno too. */
  or(error: Errno): this {
    if (!this.errors.includes(error)) this.errors.push(error);
    return this;
  }
}

/** One atomic change of an answered call. `count` is the answered count, `error` the answered errno. */
export type Step = (state: State, call: Call, count: Bytes, error: Errno) => void;

/** Bytes that a call changes: see `Operation.changes`. */
export type Change = 'range' | 'rest' | 'growth';

export interface Operation {
  /** The rule a wrong errno or count breaks. */
  readonly rule: RuleId;
  /** `expected` is cleared; sets what is permitted before anything disturbs the call, and returns it. */
  expect(state: State, call: Call, expected: Expected): Expected;
  /** Judges what a successful answer carries beside its count, and narrows the state to it. */
  readonly judge?: ((state: State, call: Call, answer: Answer) => Finding | null) | undefined;
  /** Puts the model's own data into an answer whose count is set, or the count that they tell. */
  readonly fill?: ((state: State, call: Call, into: Answer) => void) | undefined;
  /** What a successful call changes, in order. */
  readonly steps: readonly Step[];
  /** What a call may leave behind that failed for lack of space or memory, by a device error, a signal or a bad buffer. */
  readonly broken?: ((state: State, call: Call, error: Errno) => void) | undefined;
  /** What a call may leave behind that was refused with -EAGAIN (INV-18). */
  readonly refused?: ((state: State, call: Call) => void) | undefined;
  /** Blocks the call may want: where they may be missing, it may fail with -ENOSPC or stop early. */
  readonly blocks?: ((state: State, call: Call) => number) | undefined;
  /** May report an earlier writeback error of the file, because it writes back inside (WB-74). */
  readonly flushes?: true | undefined;
  /**
   * Which bytes the call changes: those of its range (and zeroes from the old end up to it), or everything from its offset
   * or new size on, or only those zeroes. Absent: none.
   */
  readonly changes?: Change | undefined;
  /** Tells of the block map or the size: not judged when others worked on the file meanwhile. */
  readonly reports?: true | undefined;
}

/** The same with every field there: a campaign asks all operations in one place, which costs less if they have one shape. */
export function evenly(operation: Operation): Operation {
  const { rule, expect, judge, fill, steps, broken, refused, blocks, flushes, changes, reports } = operation;
  return { rule, expect, judge, fill, steps, broken, refused, blocks, flushes, changes, reports };
}

/** The bits of `flags` are set in the call. */
export function flagged(call: Call, flags: number): boolean {
  return (call.flags & flags) !== 0;
}

/** The call succeeds, with nothing to count. */
export function succeeds(_state: State, _call: Call, expected: Expected): Expected {
  return expected;
}

/** What is permitted, in words. */
export function describe(expected: Expected): string {
  const parts: string[] = [];
  if (expected.success)
    parts.push(expected.least === expected.most ? `${expected.most}` : `${expected.least} to ${expected.most}`);
  return [...parts, ...expected.errors.map(errnoName)].join(' or ');
}
