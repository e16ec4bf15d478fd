/**
 * Which lock classes each task holds, from the lock events. For the checks of order and of what is held where. Locks are
 * the most frequent events there are, so a held lock is one number and the classes held are the bits of another.
 */
import type { FileId, TaskId } from '../../../model/contract/index.js';

export const LOCK_NAMES = [
  'L0 (freeze)',
  'L1 (i_rwsem)',
  'L2 (mmap_lock)',
  'L3 (invalidate_lock)',
  'L4 (direct I/O count)',
  'L5 (folio lock)',
  'L6 (writeback bit)',
  'L7 (transaction)',
  'L8 (mapping lock)',
  'L9 (allocator)',
  'L10 (block state)',
  'L11 (size, errors)',
] as const;

/** The class of transactions: whoever allocates, changes a map or commits is in one. */
export const TRANSACTION = 7;

const CLASSES = 16;

/** What one task holds. */
class Held {
  /** Two numbers times (file + 1, class) and 1 if exclusive, in the order of taking. */
  readonly locks: number[] = [];
  /** How many of each class are held, and the classes of which any is, a bit each. */
  readonly perClass = new Uint16Array(CLASSES);
  classes = 0;

  clear(): void {
    if (this.classes === 0) return;
    this.locks.length = 0;
    this.perClass.fill(0);
    this.classes = 0;
  }

  push(lock: number, level: number): void {
    this.locks.push(lock);
    this.perClass[level]!++;
    this.classes |= 1 << level;
  }

  /** Takes out the lock at this place. */
  remove(at: number, level: number): void {
    const { locks } = this;
    for (let k = at + 1; k < locks.length; k++) locks[k - 1] = locks[k]!;
    locks.pop();
    if (--this.perClass[level]! === 0) this.classes &= ~(1 << level);
  }
}

export class HeldLocks {
  readonly #tasks: Held[] = [];
  /** A lock was told of: a target tells of all or of none, and of one that tells of none nothing is judged. */
  told = false;

  reset(): void {
    this.told = false;
    for (const held of this.#tasks) held.clear();
  }

  acquired(task: TaskId, level: number, file: FileId, exclusive: boolean): void {
    this.told = true;
    this.#of(task).push(key(level, file) + (exclusive ? 1 : 0), level);
  }

  released(task: TaskId, level: number, file: FileId): void {
    const held = this.#of(task);
    const { locks } = held;
    const wanted = key(level, file);
    for (let i = locks.length - 1; i >= 0; i--) {
      if (locks[i]! - (locks[i]! % 2) !== wanted) continue;
      held.remove(i, level);
      return;
    }
  }

  /** The highest class the task holds that is not among `without` (a bit per class); −1 if none. */
  highest(task: TaskId, without: number): number {
    return 31 - Math.clz32(this.#of(task).classes & ~without);
  }

  /** The one task that holds a lock of this class; −1 if none does, or more than one. */
  onlyHolder(level: number): TaskId {
    let holder = -1;
    for (let task = 0; task < this.#tasks.length; task++) {
      if ((this.#tasks[task]!.classes & (1 << level)) === 0) continue;
      if (holder >= 0) return -1;
      holder = task;
    }
    return holder;
  }

  /** 0: not held, 1: shared, 2: exclusive. */
  strength(task: TaskId, level: number, file: FileId): number {
    const held = this.#of(task);
    if ((held.classes & (1 << level)) === 0) return 0;
    const { locks } = held;
    const wanted = key(level, file);
    let strength = 0;
    for (let i = 0; i < locks.length; i++) {
      const mode = locks[i]! % 2;
      if (locks[i]! - mode === wanted && mode >= strength) strength = 1 + mode;
    }
    return strength;
  }

  #of(task: TaskId): Held {
    return this.#tasks[task] ?? this.#grow(task);
  }

  #grow(task: TaskId): Held {
    while (this.#tasks.length <= task) this.#tasks.push(new Held());
    return this.#tasks[task]!;
  }
}

function key(level: number, file: FileId): number {
  return 2 * ((file + 1) * CLASSES + level);
}
