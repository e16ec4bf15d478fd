/**
 * Which lock classes each task holds, from the lock events. For the checks of order and of what is held where. Locks are
 * the most frequent events there are, so a held lock is one number.
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

const CLASSES = 16;

export class HeldLocks {
  /** Per task, two numbers times (file + 1, class) and 1 if exclusive, in the order of taking. */
  readonly #tasks: number[][] = [];
  /** Classes whose taking was ever told, a bit each: what a target does not tell is not judged. */
  told = 0;

  reset(): void {
    for (const held of this.#tasks) held.length = 0;
  }

  acquired(task: TaskId, level: number, file: FileId, exclusive: boolean): void {
    this.told |= 1 << level;
    this.#of(task).push(key(level, file) + (exclusive ? 1 : 0));
  }

  released(task: TaskId, level: number, file: FileId): void {
    const held = this.#of(task);
    const wanted = key(level, file);
    const top = held.length - 1;
    if (top >= 0 && held[top]! - (held[top]! % 2) === wanted) {
      held.pop();
      return;
    }
    for (let i = top - 1; i >= 0; i--) {
      if (held[i]! - (held[i]! % 2) !== wanted) continue;
      for (let k = i + 1; k < held.length; k++) held[k - 1] = held[k]!;
      held.pop();
      return;
    }
  }

  /** The highest class the task holds that is not among `without` (a bit per class); −1 if none. */
  highest(task: TaskId, without: number): number {
    let highest = -1;
    const held = this.#of(task);
    for (let i = 0; i < held.length; i++) {
      const level = (held[i]! >> 1) % CLASSES;
      if (level > highest && (without & (1 << level)) === 0) highest = level;
    }
    return highest;
  }

  /** 0: not held, 1: shared, 2: exclusive. */
  strength(task: TaskId, level: number, file: FileId): number {
    const wanted = key(level, file);
    let strength = 0;
    for (const lock of this.#of(task)) if (lock - (lock % 2) === wanted) strength = Math.max(strength, 1 + (lock % 2));
    return strength;
  }

  #of(task: TaskId): number[] {
    return this.#tasks[task] ?? this.#grow(task);
  }

  #grow(task: TaskId): number[] {
    while (this.#tasks.length <= task) this.#tasks.push([]);
    return this.#tasks[task]!;
  }
}

function key(level: number, file: FileId): number {
  return 2 * ((file + 1) * CLASSES + level);
}
