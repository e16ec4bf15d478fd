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
}
