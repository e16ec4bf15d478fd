/**
 * The direct requests of an inode that have not finished (L4). Truncate, punch and reflink hold L1 exclusive and wait for
 * their number to be 0, so that no request finds its blocks gone (DIO-09, LK-08); failed writeback, which holds nothing,
 * asks whether one is about to write a block.
 */
import {
  type Bytes,
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
  /** Where the writes among them begin and end, in pairs. */
  readonly #writes: Bytes[] = [];

  constructor(file: FileId) {
    this.#file = file;
  }

  get count(): number {
    return this.#count;
  }

  begin(write: boolean, from: Bytes, to: Bytes): void {
    this.#count++;
    if (write) this.#writes.push(from, to);
  }

  /** With what it began with. */
  end(write: boolean, from: Bytes, to: Bytes): void {
    if (this.#count === 0) throw new Error(`file ${this.#file}: a direct request ends that never began`);
    this.#count--;
    if (!write) return;
    const at = this.#writes.findIndex((start, i, all) => i % 2 === 0 && start === from && all[i + 1] === to);
    this.#writes.splice(at, 2);
  }

  /** So many writes over some byte of [from, to) have not finished. */
  writes(from: Bytes, to: Bytes): number {
    const all = this.#writes;
    let count = 0;
    for (let i = 0; i < all.length; i += 2) if (all[i]! < to && all[i + 1]! > from) count++;
    return count;
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
