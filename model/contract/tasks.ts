/**
 * How anything waits. Work that can block is a generator that yields registered points; a scheduler outside decides who
 * runs next. A task that cannot go on says what it waits for before it yields, which gives the scheduler the runnable
 * set, and a report the wait graph of a deadlock.
 */
import type { Point } from './points.js';
import type { TaskId } from './units.js';

/** A computation that yields at registered points; between two yields everything is atomic. */
export type Steps<T> = Generator<Point, T, void>;

export interface Waitable {
  /** For the wait graph: `"folio 3 of file 0"`, `"i_rwsem of file 1"`. Built only when a report needs it. */
  describe(): string;
  /** True when `task` would no longer have to wait. Must not change anything. */
  ready(task: Task): boolean;
  /** The tasks that `task` waits for, where that is known (lock owners); empty for I/O. */
  blockers(): readonly TaskId[];
}

export interface Task {
  readonly id: TaskId;
  /** Set before a yield that may not go on at once, null otherwise. */
  waitsFor: Waitable | null;
  /**
   * True when somebody outside wants to see this task's yield points. While it is false a task yields only where it has
   * to wait, so that the uneventful run does not pay for points at which nothing happens.
   */
  readonly observed: boolean;
  /**
   * The task has come to `point`: true if it is to yield it now, always false while it is not observed. Asking first spares
   * the stop where nobody else is to go on; a task that yields without asking is right as well.
   */
  stopsAt(point: Point): boolean;
}

/** A task that nobody schedules: it stops at every point or at none. */
export class LoneTask implements Task {
  readonly id: TaskId;
  readonly observed: boolean;
  waitsFor: Waitable | null = null;

  constructor(id: TaskId, observed = false) {
    this.id = id;
    this.observed = observed;
  }

  stopsAt(_point: Point): boolean {
    return this.observed;
  }

  /** True if it could go on now. */
  get ready(): boolean {
    return this.waitsFor === null || this.waitsFor.ready(this);
  }
}
