/**
 * The reads that may still look at device blocks they were told of: a block that was freed meanwhile may not be another
 * file's before they are over (CR-13, INV-30). Copy-on-write takes blocks away under readers, for it waits for none. All
 * reads of a file system together, because whose references kept a block does not say who reads it.
 */
import { type Point, type Steps, type Task, type TaskId, type Waitable, Y } from '../../model/contract/index.js';

export class ReadCount implements Waitable {
  #count = 0;
  readonly #afterwards: (() => void)[] = [];

  /** Before a mapping is asked for, or when a read is submitted. */
  begin(): void {
    this.#count++;
  }

  end(): void {
    if (this.#count === 0) throw new Error('a read ends that never began');
    if (--this.#count === 0)
      for (let then = this.#afterwards.pop(); then !== undefined; then = this.#afterwards.pop()) then();
  }

  /** Calls `then` once no read is left, at once if there is none. */
  afterwards(then: () => void): void {
    if (this.#count === 0) then();
    else this.#afterwards.push(then);
  }

  /** Something waits for the reads to end. */
  get awaited(): boolean {
    return this.#afterwards.length > 0;
  }

  describe(): string {
    return `${this.#count} reads`;
  }

  ready(): boolean {
    return this.#count === 0;
  }

  blockers(): readonly TaskId[] {
    return [];
  }
}

/** Waits until what was put off until the reads end has happened. A read waits for nothing but the device. */
export function* drainReads(reads: ReadCount, task: Task, point: Point = Y['Y-LK1']): Steps<void> {
  while (reads.awaited) {
    task.waitsFor = reads;
    yield point;
  }
  task.waitsFor = null;
}
