/**
 * What a check is: an object outside the system under test, told what happens, asked for its opinion when something
 * returned. Invariants and rules are checks; so are the oracle's verdicts, reported in the same words.
 */
import type { Answer, Call } from './calls.js';
import type { EventKind, IterationRecord, IterStep } from './events.js';
import type { Geometry } from './geometry.js';
import type { Bytes, CallId, FileId } from './units.js';
import type { View } from './view.js';

/** `"INV-13"`, `"MAP-52"`, `"PC-30"`: an id of the specification. */
export type RuleId = string;

/** Something that must not be, and what there is to say about it. */
export interface Finding {
  readonly id: RuleId;
  /** One sentence with names, bytes and blocks, and where a wrong byte came from. */
  readonly message: string;
  readonly file: FileId;
  /** The bytes concerned, where that makes sense; −1 otherwise. */
  readonly offset: Bytes;
  readonly length: Bytes;
  /** The call that showed it, −1 for background work. */
  readonly call: CallId;
}

/** What the content of files should be: the reference model's knowledge, as checks may use it. */
export interface Truth {
  /** Size in bytes of a file. */
  size(file: FileId): Bytes;
  /**
   * Compares memory with what the file may hold in [offset, offset+length); bytes behind the size count as zero.
   * The first offset that differs, or −1.
   */
  differs(file: FileId, offset: Bytes, length: Bytes, memory: Uint8Array, at: number): Bytes;
  /** One sentence: what the byte should be, what was seen, and where the seen value came from. */
  explain(file: FileId, offset: Bytes, seen: number): string;
}

/** What every check is given when it is made for a sequence. */
export interface CheckContext {
  readonly geometry: Geometry;
  readonly view: View;
  readonly truth: Truth;
}

/**
 * One check of one sequence. Methods return null (or nothing) when all is well. `exercised` counts how often the rule's
 * precondition was met, so that a report can say what was really tested.
 */
export interface Check {
  readonly id: RuleId;
  exercised: number;
  event?(kind: EventKind, file: FileId, a: number, b: number, c: number): Finding | null;
  iteration?(step: IterStep, record: IterationRecord): Finding | null;
  /** A call is about to start. */
  called?(call: Call): void;
  /** A call returned; `answer` is lent. Scopes O and F. */
  returned?(call: Call, answer: Answer): Finding | null;
  /** Nothing runs and nothing is in flight. Scope Q. */
  quiescent?(): Finding | null;
}
