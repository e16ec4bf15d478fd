/**
 * What a trace is replayed on: something that answers calls and knows its files. The model and every target are
 * sessions, so that one walk over the lines of a trace serves both.
 */
import type {
  Answer,
  Bytes,
  Call,
  CallId,
  Errno,
  FileId,
  Finding,
  OperationName,
  TaskId,
} from '../../model/contract/index.js';
import type { SeekPiece } from '../../model/files/index.js';
import type { RecordedAnswer } from '../../traces/format/index.js';
import type { Problem } from './outcome.js';

/** What a call answered. */
export interface Performed {
  readonly error: Errno;
  /** Where a seek arrived, or how many bytes there were. */
  readonly count: Bytes;
  /** The answer with the fields of the recorded one. */
  readonly got: RecordedAnswer;
  /** What does not agree with the recorded answer, or null. */
  readonly problem: string | null;
}

export interface Question {
  readonly recorded: RecordedAnswer | null;
  /** False: the recorded answer only has to be permitted, not equal. */
  readonly equal: boolean;
  /** Lent the answer before it is gone. */
  readonly look?: (answer: Answer) => void;
}

export interface SeekMapQuestion {
  /** The operation, or null at the end. */
  readonly op: CallId | null;
  readonly file: FileId;
  readonly task: TaskId;
  readonly recorded: readonly SeekPiece[] | null;
  readonly cold: boolean;
  /** Names the calls that it takes. */
  readonly nextId: () => CallId;
}

export interface SeekMapSeen {
  readonly map: readonly SeekPiece[];
  /** What does not agree with the recorded map, or null. */
  readonly problem: string | null;
}

export const UNRECORDED: Question = { recorded: null, equal: false };

export interface Session {
  /** `"model"`, or the word of the target. */
  readonly target: string;
  /** Gaps of the reference that the recording shows (known-gaps.ts). */
  readonly known: readonly Problem[];
  /** What ended the session, or null. */
  readonly finding: Finding | null;
  /** Says which calls will come, for directives that let one begin before its turn. */
  foresee?(calls: readonly Call[], question: (call: Call) => Question): void;
  /** Answers a call; null when a finding ended the session. */
  perform(call: Call, question: Question): Performed | null;
  /** The seek map of a file; `cold` says that nothing is cached. Null when a finding ended the session. */
  seekMap(question: SeekMapQuestion): SeekMapSeen | null;
  /** False for a file that came back otherwise than recorded after a shutdown: nothing of it is compared (mounts.ts). */
  compares(file: FileId, name?: OperationName): boolean;
  /** Size and digest of a file as it is now, without touching it; null where it cannot be had. */
  peek(file: FileId): { readonly size: Bytes; readonly sha256: string | null } | null;
}
