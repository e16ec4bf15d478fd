/**
 * A readers/writer lock with owners: i_rwsem (L1), invalidate_lock (L3) and the mapping lock (L8).
 *
 * There is no queue on purpose: the tasks that wait are those whose `waitsFor` is this lock, and which of them goes next
 * is the scheduler's choice, so that a search meets every order of granting and not only the one a queue would produce.
 */
import { type FileId, type Steps, type Task, type TaskId, type Waitable, Y } from '../../model/contract/index.js';
import {
  EXCLUSIVE,
  type Holdable,
  type LockLevel,
  type LockMode,
  type LockTable,
  SHARED,
  TRIED,
} from './lock-table.js';

export class RwSemaphore implements Holdable {
  readonly level: LockLevel;
  readonly file: FileId;
  readonly #name: string;
  readonly #table: LockTable;
  #writer: Task | null = null;
  #readers: Task[] = [];

  constructor(level: LockLevel, name: string, file: FileId, table: LockTable) {
    this.level = level;
    this.file = file;
    this.#name = name;
    this.#table = table;
  }

  describe(): string {
    return `${this.#name} of file ${this.file}`;
  }

  available(mode: LockMode): boolean {
    return this.#writer === null && (mode === SHARED || this.#readers.length === 0);
  }

  /** Takes the lock if nobody is in the way; never waits. The caller waits otherwise. */
  tryAcquire(task: Task, mode: LockMode): boolean {
    if (!this.#take(task, mode)) return false;
    this.#table.acquired(this, task, mode);
    return true;
  }

  /** The same for a caller that does without the lock otherwise, so that the order of locks does not concern it. */
  tryOnly(task: Task, mode: LockMode): boolean {
    if (!this.#take(task, mode)) return false;
    this.#table.acquired(this, task, mode, TRIED);
    return true;
  }

  /** Gives back what the task holds, shared or exclusive. */
  release(task: Task): void {
    if (this.#writer === task) {
      this.#writer = null;
      this.#table.released(this, task, EXCLUSIVE);
      return;
    }
    this.#dropReader(task);
    this.#table.released(this, task, SHARED);
  }

  /** Exclusive becomes shared, with no moment in between. */
  downgrade(task: Task): void {
    if (this.#writer !== task) throw new Error(`task ${task.id} downgrades ${this.describe()} without holding it`);
    this.#writer = null;
    this.#table.released(this, task, EXCLUSIVE);
    this.#readers.push(task);
    this.#table.acquired(this, task, SHARED);
  }

  heldExclusive(task: Task): boolean {
    return this.#writer === task;
  }

  held(task: Task): boolean {
    return this.#writer === task || this.#readers.includes(task);
  }

  owners(): readonly TaskId[] {
    return this.#writer === null ? this.#readers.map(task => task.id) : [this.#writer.id];
  }

  #take(task: Task, mode: LockMode): boolean {
    if (!this.available(mode)) return false;
    if (mode === SHARED) this.#readers.push(task);
    else this.#writer = task;
    return true;
  }

  #dropReader(task: Task): void {
    const last = this.#readers.length - 1;
    if (this.#readers[last] === task) {
      this.#readers.pop();
      return;
    }
    const at = this.#readers.lastIndexOf(task);
    if (at < 0) throw new Error(`task ${task.id} releases ${this.describe()} without holding it`);
    this.#readers.splice(at, 1);
  }
}

class LockWait implements Waitable {
  readonly #lock: RwSemaphore;
  readonly #mode: LockMode;

  constructor(lock: RwSemaphore, mode: LockMode) {
    this.#lock = lock;
    this.#mode = mode;
  }

  describe(): string {
    return `${this.#lock.describe()} (${this.#mode === SHARED ? 'shared' : 'exclusive'})`;
  }

  ready(): boolean {
    return this.#lock.available(this.#mode);
  }

  blockers(): readonly TaskId[] {
    return this.#lock.owners();
  }
}

/**
 * Waits for the lock and takes it. Callers that care for speed try first:
 * `if (!lock.tryAcquire(task, mode)) yield* acquire(lock, task, mode)`.
 */
export function* acquire(lock: RwSemaphore, task: Task, mode: LockMode): Steps<void> {
  while (!lock.tryAcquire(task, mode)) {
    task.waitsFor = new LockWait(lock, mode);
    yield Y['Y-LK1'];
  }
  task.waitsFor = null;
}
