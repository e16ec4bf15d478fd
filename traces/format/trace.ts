/**
 * A trace in memory: a program, its deviations from the uneventful run, what was answered, and the verdict. It holds the
 * calls of `model/contract` as they are; names of files and of yield points exist only in the text (`reader.ts`,
 * `writer.ts`). Nothing here refers to a position in a list of choices, so a trace outlives its generator.
 */
import {
  type BioCargo,
  type BioKind,
  type Bytes,
  type Call,
  type CallId,
  type ChoiceLabel,
  type Errno,
  type FileId,
  type FileSystemOptions,
  type Geometry,
  OPERATION_NAMES,
  type OperationName,
  operationShape,
  type PointName,
  type TaskId,
} from '../../model/contract/index.js';
import type { LayoutPiece, SeekPiece } from '../../model/files/index.js';

export const TRACE_FORMAT = 'iomap-trace';
/** The version this writes. Every older one can be read. */
export const TRACE_VERSION = 1;

/** Behaviour profiles: v6.11, and the newest kernel. */
export type Kernel = '6.11' | 'next';

/** Line 1. In the text everything but format and version may be left out. */
export interface TraceHeader {
  readonly kernel: Kernel;
  readonly fs: string;
  readonly options: FileSystemOptions;
  readonly geometry: Geometry;
  readonly device: { readonly writeThrough: boolean };
  /** Names, in the order of their `FileId`. */
  readonly files: readonly string[];
  /** Where the trace comes from, for the reader. */
  readonly origin: string | null;
}

/** Runs of equal bytes: value and count. */
export type Runs = readonly (readonly [byte: number, count: Bytes])[];

/** What was answered. A field that is absent was not recorded; without `errno` the call succeeded. */
export interface RecordedAnswer {
  readonly errno?: Errno;
  /** Bytes transferred. */
  readonly length?: Bytes;
  /** Contents, of reads. */
  readonly sha256?: string;
  readonly runs?: Runs;
  /** Where a seek arrived. */
  readonly offset?: Bytes;
  /** stat. */
  readonly size?: Bytes;
  readonly blocks512?: number;
  /** fiemap, neighbours of one type and sharing joined. */
  readonly extents?: readonly LayoutPiece[];
  /** seekMap. */
  readonly map?: readonly SeekPiece[];
  /** dedupe. */
  readonly status?: 'same' | 'differs';
  readonly bytes?: Bytes;
}

/** A call of the program. */
export interface OperationLine {
  readonly kind: 'operation';
  readonly call: Call;
  readonly answer: RecordedAnswer | null;
}

/** A question of several calls: seekData and seekHole in turn, from 0 to the end of the file. */
export interface SeekMapLine {
  readonly kind: 'seekMap';
  readonly id: CallId;
  readonly task: TaskId;
  readonly file: FileId;
  readonly answer: RecordedAnswer | null;
}

/** A call without a name of its own, made in the middle of another. */
export type InjectedCall = Omit<Call, 'id'>;

/** A write that a crash may lose, by what it carries: data of a file range, or the nth write of the log or of metadata. */
export interface Survivor {
  readonly cargo: BioCargo;
  /** Data only; −1: of a file that the trace does not have, as a freed block may get. */
  readonly file: FileId;
  /** Data only; −1 and 0 otherwise. */
  readonly offset: Bytes;
  readonly length: Bytes;
  /** Which of those that carry the same, from 1. */
  readonly nth: number;
  /** The sectors that survive, counted in the write; null: all. */
  readonly sectors: readonly number[] | null;
}

/** What a directive does. */
export type Action =
  /**
   * Power is lost before the nth device event after the operation began, and the run goes on in what was recovered;
   * `survive` null: every state of every position in the operation is looked at.
   */
  | { readonly kind: 'crash'; readonly survive: readonly Survivor[] | null }
  /** Work in the background, or an application's access from elsewhere. */
  | { readonly kind: 'call'; readonly call: InjectedCall }
  /** Another task goes on with its operation, or its next one, until it has reached a point so many times, or its end. */
  | { readonly kind: 'run'; readonly task: TaskId; readonly until: PointName | null; readonly times: number }
  /** The bio in flight that carries this range (file −1: metadata) completes. */
  | {
      readonly kind: 'io';
      readonly bio: BioKind;
      readonly file: FileId;
      readonly offset: Bytes;
      readonly length: Bytes;
    }
  /** A choice of this label has this answer. For failures the text says `fault`, else `value`. */
  | { readonly kind: 'choice'; readonly label: ChoiceLabel; readonly answer: number }
  /** The bio that carries this file range fails. */
  | {
      readonly kind: 'bio';
      readonly errno: Errno;
      readonly file: FileId;
      readonly offset: Bytes;
      readonly length: Bytes;
    };

/**
 * A deviation and its place: the `nth` time (from 1) that the operation reaches the point, before it goes on from there;
 * without a point, before its first step, or the `nth` time that the choice is asked, or that such a bio fails, while the
 * operation runs.
 */
export interface DirectiveLine {
  readonly kind: 'directive';
  readonly op: CallId;
  readonly point: PointName | null;
  readonly nth: number;
  readonly actions: readonly Action[];
}

/** What is known of a file after an operation (`after`), or at the end, after fsync (`after` null). */
export interface ExpectationLine {
  readonly kind: 'expectation';
  readonly file: FileId;
  readonly after: CallId | null;
  readonly state: RecordedState;
}

export interface RecordedState {
  readonly size?: Bytes;
  readonly sha256?: string;
  readonly runs?: Runs;
  readonly extents?: readonly LayoutPiece[];
  /** With whatever was cached, and with nothing cached. */
  readonly seekCached?: readonly SeekPiece[];
  readonly seekCold?: readonly SeekPiece[];
  readonly blocks512?: number;
}

export type TraceLine = OperationLine | SeekMapLine | DirectiveLine | ExpectationLine;

/** The last line. */
export type Verdict =
  | { readonly kind: 'clean' }
  | {
      readonly kind: 'violation';
      readonly id: string;
      readonly signature: string;
      readonly message: string;
      /** The operation after which it showed; −1 for background work. */
      readonly op: CallId;
    };

export interface Trace {
  readonly header: TraceHeader;
  readonly lines: readonly TraceLine[];
  readonly verdict: Verdict;
}

/** Steps as they are counted everywhere: operations and directives. */
export function countSteps(trace: Trace): number {
  return trace.lines.filter(line => line.kind !== 'expectation').length;
}

/** "1 step", "5 steps". */
export function stepsInWords(count: number): string {
  return count === 1 ? '1 step' : `${count} steps`;
}

/** Choices whose eventful answer is a failure; the others are called values. */
export const FAULT_LABELS: readonly ChoiceLabel[] = [
  'folio-allocation',
  'user-copy',
  'block-allocation',
  'writeback-map',
  'mapping-broken',
  'signal',
];

/** Operations of the whole file system, which name no file. */
export const FILELESS: ReadonlySet<OperationName> = new Set(
  OPERATION_NAMES.filter(name => operationShape(name).fileless === true),
);

/** Operations whose range may be left out and is then the whole file. */
export const RANGE_OPTIONAL: ReadonlySet<OperationName> = new Set([
  'fiemap',
  'writeback',
  'reclaim',
  'migrate',
  'readahead',
]);
