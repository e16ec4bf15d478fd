/**
 * The number of direct requests of an inode that have not finished (L4). Truncate, punch and reflink hold L1 exclusive and
 * wait for it to be 0, so that no request finds its blocks gone (DIO-09, LK-08).
 */
import {
  type FileId,
  type Point,
  type Steps,
  type Task,
  type TaskId,
  type Waitable,
  Y,
} from '../../model/contract/index.js';

export class DirectCount implements Waitable {
  readonly #file: FileId;
  #count = 0;

  constructor(file: FileId) {
    this.#file = file;
  }

  get count(): number {
    return this.#count;
  }

  begin(): void {
    this.#count++;
  }

  end(): void {
    if (this.#count === 0) throw new Error(`file ${this.#file}: a direct request ends that never began`);
    this.#count--;
  }

  describe(): string {
    return `${this.#count} direct requests of file ${this.#file}`;
  }

  ready(): boolean {
    return this.#count === 0;
  }

  blockers(): readonly TaskId[] {
    return [];
  }
}

/** Waits until no direct request is outstanding. `if (inode.direct.count > 0) yield* drainDirect(…)`. */
export function* drainDirect(count: DirectCount, task: Task, point: Point = Y['Y-TR1']): Steps<void> {
  while (count.count > 0) {
    task.waitsFor = count;
    yield point;
  }
  task.waitsFor = null;
}
