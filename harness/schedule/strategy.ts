/**
 * Who goes on next. At every step of a scheduled run a strategy picks among what can happen; 0 is always the uneventful
 * answer, so the strategy that always answers 0 is the sequential run.
 */

/** What can happen next. The arrays are the scheduler's, valid in [0, count). */
export interface Decision {
  count: number;
  /**
   * Who would go on: a task (1 … 7), a completion worker (8 … 15), `WORKER` for one that would begin, or `DEVICE` for the
   * completion of a bio.
   */
  readonly actors: Int32Array;
  /** Among the completions of bios: which of those in flight; otherwise 0. */
  readonly details: Int32Array;
  /** True when the first actor is the one that went on last, so that any other answer but 0 is a preemption. */
  preempts: boolean;
  /** Who went on last. */
  last: number;
}

/** Instead of a choice: this run need not go on. */
export const ABANDON = -1;

/** Pseudo actors: the device, and the pool that begins completion work. */
export const DEVICE = 32;
export const WORKER = 33;
export const ACTORS = 34;

export interface Strategy {
  /** A new sequence begins. */
  begin(): void;
  /**
   * Others could go on, but who went on last does so again, whoever they are; then nobody has to gather them, and `choose`
   * is not asked. Otherwise it is, and may answer the same.
   */
  keeps?(): boolean;
  /** The index of what happens next, or `ABANDON`. */
  choose(decision: Decision): number;
  /** The actor (of a bio, the number it was given) made a step with this footprint; the answer numbers the step. */
  stepped?(actor: number, footprint: number): number;
}
