/**
 * What the reference model can be asked. Its answers are sets, because several behaviours are correct (invariants.md
 * section 9); an observed answer narrows them. Calls may overlap: a call is open between `invoke` and `respond`, and
 * every store of an open call may or may not be visible yet (INV-30).
 */
import type { Answer, Bio, Bytes, Call, ChoiceLabel, Errno, FileId, Finding, Truth } from '../contract/index.js';

/** A set of permitted values: exactly one, anything between two, or any of a few. */
export type Permitted<T> =
  | { readonly one: T }
  | { readonly least: T; readonly most: T }
  | { readonly anyOf: readonly T[] };

/** Something that happened in the target and changes what is permitted afterwards. */
export type Effect =
  /** An injected failure happened while `call` was open; its answer may be the failure's. With `bio`, that I/O failed. */
  | {
      readonly kind: 'fault';
      readonly choice: ChoiceLabel;
      readonly call: Call;
      readonly bio: Bio | null;
      /** The file that it happened to; that of the call, or of the bio, if absent. */
      readonly file?: FileId;
      /** What that I/O failed with; EIO if absent. */
      readonly errno?: Errno;
      /** Other calls in progress, which the failure may hit instead. */
      readonly others?: readonly Call[];
    }
  /** Nobody tells in which order overlapping calls took effect: their answers come in any. Until `reset`. */
  | { readonly kind: 'order-unknown' }
  /** All clean cached pages of a file are gone: seek answers no longer see a clean cache. */
  | { readonly kind: 'cache-dropped'; readonly file: FileId };

/** A maximal run of bytes of one kind; `offset` and `length` in bytes. */
export interface LayoutPiece {
  readonly offset: number;
  readonly length: number;
  /** `delalloc` is left only behind the end, once everything is written back. */
  readonly type: 'data' | 'unwritten' | 'delalloc';
  readonly shared: boolean;
}
export interface SeekPiece {
  readonly type: 'data' | 'hole';
  readonly offset: number;
  readonly length: number;
}

/**
 * What must and may hold of a file after everything is written back (as after fsync): `extents` that the model considers
 * likeliest, with the ranges where a correct file system may differ told by the two bounds.
 */
export interface FileState {
  readonly size: number;
  readonly sha256: string;
  readonly extents: readonly LayoutPiece[];
  /** Seek map with nothing cached, and with whatever may be cached counted as data. */
  readonly seekCold: readonly SeekPiece[];
  readonly seekCached: readonly SeekPiece[];
}

export interface Oracle extends Truth {
  /** A call starts. */
  invoke(call: Call): void;
  /** It answered: null if the answer is permitted (the permitted set then narrows), else what is wrong with it. */
  respond(call: Call, answer: Answer): Finding | null;
  effect(effect: Effect): void;
  /** What the model itself answers to an open call that nothing disturbs: one permitted answer, put into `into`. */
  answer(call: Call, into: Answer): Answer;
  /** What is permitted now for an open call, for a report. */
  describeExpected(call: Call): string;
  /** The size of the file in bytes if only one is possible now, else −1. */
  certainSize(file: FileId): Bytes;
  /**
   * Bytes that nobody stores to stay as they are: none was lost (PC-95), and cache and device hold the same (DIO-52). With an
   * `end` behind the file's, also that what a mapped load shows up to there is known (PC-21).
   */
  steady(file: FileId, end?: Bytes): boolean;
  /** The file as it must be once everything is written back. */
  state(file: FileId): FileState;
  /**
   * Is this layout (joined FIEMAP pieces with everything written back) permitted for the file? Null, or what is wrong.
   * Data pieces must lie between the model's bounds; UNWRITTEN or HOLE from preallocation, pieces behind the end and
   * sharing are judged as invariants.md section 9 says.
   */
  judgeLayout(file: FileId, extents: readonly LayoutPiece[]): Finding | null;
  /** Is this seek map permitted, with a cold cache, or with whatever may be cached? */
  judgeSeekMap(file: FileId, map: readonly SeekPiece[], cold: boolean): Finding | null;
}
