/**
 * Who disturbs a run. An adversary is asked at every yield point and every choice of the calls it observes; what it
 * answers is all that distinguishes an eventful run from the uneventful one, so recording its answers by place and
 * meaning is recording the run. Random injection, replayed directives and the quiet run are its implementations.
 */
import type {
  Bio,
  BioKind,
  Bytes,
  Call,
  ChoiceLabel,
  Errno,
  FileId,
  Point,
  TaskId,
} from '../../model/contract/index.js';

/**
 * One step of the small program that an injection is (up to four background actions, run to their end before the
 * disturbed operation goes on): a call on behalf of nobody in particular. Its `task` says on whose behalf: 0 background,
 * otherwise an application's access from elsewhere (a store from the fault handler of the source buffer).
 */
export type Injected = Omit<Call, 'id'>;

/**
 * A bio by what it carries, so that it is found again whatever else is in flight and however a range was cut into bios:
 * the file (−1: metadata) and the range.
 */
export interface BioRange {
  readonly file: FileId;
  readonly offset: Bytes;
  readonly length: Bytes;
}

/**
 * Another activity goes on while the interrupted one stands still: a task with its call, or with its next one, or a
 * completion worker; until it has reached the point so many times, or to the end of its call.
 */
export interface Run {
  readonly run: TaskId;
  readonly until: Point | null;
  readonly times: number;
}

/** One bio in flight completes. */
export interface Finish {
  readonly finish: BioRange;
  readonly kind: BioKind;
}

/** What may happen at a place. */
export type Action = Injected | Run | Finish;

/** The place before the first step of a call; all others are yield points. */
export const BEGINNING: Point = -1;

export interface Adversary {
  /** True if other tasks run at its places: then every call yields at every point. Absent: false. */
  readonly schedules?: boolean;
  /** True if what it injects takes locks as calls of a program do: then they are judged in that order. Absent: `schedules`. */
  readonly orders?: boolean;
  /** True if the call should yield at every point and ask for every choice. */
  observes(call: Call): boolean;
  /** What happens at the `nth` time (from 1) that the call yields at this point, before it goes on. */
  at(call: Call, point: Point, nth: number): readonly Action[];
  /** What was to happen at a place found nothing to happen to: no such task, no such bio in flight. Absent: nobody asks. */
  idle?(action: Action): void;
  /** The answer of the `nth` choice (from 1) with this label during the call; 0 is the uneventful one. */
  choose(call: Call, label: ChoiceLabel, nth: number, n: number): number;
  /** How the `nth` completion (from 1) of a bio during the call ends: 0 or a negative errno. */
  bioStatus(call: Call, bio: Bio, nth: number): Errno;
}

const nothing: readonly Action[] = [];

/** The adversary of the uneventful run. */
export const quiet: Adversary = {
  observes: () => false,
  at: () => nothing,
  choose: () => 0,
  bioStatus: () => 0,
};
