/** What came of replaying a trace on a target, from which `replay --json` is written. */
import type { Bytes, CallId, Errno, Finding, RuleId } from '../../model/contract/index.js';
import type { LayoutPiece, SeekPiece } from '../../model/files/index.js';
import type { DirectiveLine, RecordedAnswer } from '../../traces/format/index.js';

/**
 * clean: everything was as recorded, and nothing was found. reproduced: the violation of the trace showed again.
 * other-violation: another one did. expected-answer-missing: an answer or a state was not the recorded one.
 */
export type ReplayVerdict = 'clean' | 'reproduced' | 'other-violation' | 'expected-answer-missing';

/** A file at the end, after fsync. */
export interface FileReport {
  readonly size: number;
  /** Null where the file is too large to be read. */
  readonly sha256: string | null;
  readonly extents: readonly LayoutPiece[];
  readonly seekCached: readonly SeekPiece[];
  readonly seekCold: readonly SeekPiece[];
}

export interface AnswerReport {
  readonly step: number;
  readonly expected: RecordedAnswer;
  readonly got: RecordedAnswer;
}

/** Something that is not as recorded. */
export interface Problem {
  /** The operation, or null for a state at the end. */
  readonly op: number | null;
  readonly message: string;
}

export interface ReplayOutcome {
  readonly trace: string;
  readonly target: string;
  /** By name, in the order of the trace. Empty when a violation ended the run. */
  readonly files: Readonly<Record<string, FileReport>>;
  /** Files that came back otherwise than recorded after a shutdown, as they may. */
  readonly parted: readonly string[];
  /** Every answer that was recorded, with the one given. */
  readonly answers: readonly AnswerReport[];
  readonly missed: readonly DirectiveLine[];
  readonly problems: readonly Problem[];
  /** Known gaps of the reference that the recording shows: not permitted, and nobody's fault here. */
  readonly known: readonly Problem[];
  readonly finding: Finding | null;
  /** What an always-on check finds earlier in the run, if the violation of the trace shows only without these checks. */
  readonly before: Finding | null;
  /** The rule whose violation the trace records, if a target showed nothing this time. */
  readonly gone: RuleId | null;
  /** The operation before which the model stops, because power is lost in it; null if the run went to its end. */
  readonly until: CallId | null;
  readonly verdict: ReplayVerdict;
  /** The errno or the count of each call. */
  readonly results: readonly (Errno | Bytes)[];
  /** Calls of the program that were made. */
  readonly operations: number;
}
