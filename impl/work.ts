/**
 * Completion work that waits for a scheduler: ioend workers and the ends of direct requests. Nothing here runs by itself.
 */
import type { PendingWork, Steps, Task } from '../model/contract/index.js';

/** One piece of background work. */
export interface WorkItem {
  run(task: Task): Steps<void>;
}

export class WorkQueue implements PendingWork {
  readonly #items: WorkItem[] = [];

  get count(): number {
    return this.#items.length;
  }

  add(item: WorkItem): void {
    this.#items.push(item);
  }

  start(index: number, task: Task): Steps<void> {
    const item = this.#items[index];
    if (item === undefined) throw new Error(`there is no work item ${index} of ${this.#items.length}`);
    this.#items.splice(index, 1);
    return item.run(task);
  }
}
