/** Which lock classes each task holds, from the lock events. For the checks of order and of what is held where. */
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

interface Held {
  level: number;
  file: FileId;
  exclusive: boolean;
}

export class HeldLocks {
  readonly #tasks: Held[][] = [];

  reset(): void {
    for (const held of this.#tasks) held.length = 0;
  }

  of(task: TaskId): readonly Held[] {
    while (this.#tasks.length <= task) this.#tasks.push([]);
    return this.#tasks[task]!;
  }

  acquired(task: TaskId, level: number, file: FileId, exclusive: boolean): void {
    (this.of(task) as Held[]).push({ level, file, exclusive });
  }

  released(task: TaskId, level: number, file: FileId): void {
    const held = this.of(task) as Held[];
    for (let i = held.length - 1; i >= 0; i--) {
      if (held[i]!.level !== level || held[i]!.file !== file) continue;
      held.splice(i, 1);
      return;
    }
  }

  /** 0: not held, 1: shared, 2: exclusive. */
  strength(task: TaskId, level: number, file: FileId): number {
    let strength = 0;
    for (const held of this.of(task)) {
      if (held.level === level && held.file === file) strength = Math.max(strength, held.exclusive ? 2 : 1);
    }
    return strength;
  }
}
