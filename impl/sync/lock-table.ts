/**
 * Who holds what: one list per task, for INV-72 and wait graphs, and the place where acquisitions and releases are told.
 * Covers locks and whatever else a task may leave behind (journal handles, transactions). It grants nothing; the locks do.
 */
import { Ev, type FileId, type LockView, type Sink, type Task } from '../../model/contract/index.js';

/** The lock classes of locking-and-races.md section 1, as the `lock` events name them. */
export const LockLevel = {
  freeze: 0,
  inode: 1,
  mmap: 2,
  invalidate: 3,
  direct: 4,
  folio: 5,
  writeback: 6,
  transaction: 7,
  map: 8,
  space: 9,
} as const;
export type LockLevel = (typeof LockLevel)[keyof typeof LockLevel];

export const SHARED = 0;
export const EXCLUSIVE = 1;
export type LockMode = typeof SHARED | typeof EXCLUSIVE;
/** Added to the mode that is told when the task would have gone on without the lock. */
export const TRIED = 2;

/** Something a task can hold. */
export interface Holdable {
  readonly level: LockLevel;
  readonly file: FileId;
  describe(): string;
}

export class LockTable implements LockView {
  readonly #sink: Sink;
  readonly #held: Holdable[][] = [];

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  acquired(thing: Holdable, task: Task, mode: LockMode, tried: 0 | typeof TRIED = 0): void {
    const held = this.#held[task.id];
    if (held === undefined) this.#held[task.id] = [thing];
    else held.push(thing);
    this.#sink.emit(Ev.lock, thing.file, thing.level, mode + tried, task.id);
  }

  released(thing: Holdable, task: Task, mode: LockMode): void {
    this.#forget(thing, task);
    this.#sink.emit(Ev.unlock, thing.file, thing.level, mode, task.id);
  }

  /** The thing stays locked, but the task is no longer who will release it: I/O completion is. */
  handedOver(thing: Holdable, task: Task): void {
    this.#forget(thing, task);
    this.#sink.emit(Ev.unlock, thing.file, thing.level, EXCLUSIVE, task.id);
  }

  heldBy(task: number): readonly string[] {
    return (this.#held[task] ?? []).map(thing => thing.describe());
  }

  #forget(thing: Holdable, task: Task): void {
    const held = this.#held[task.id]!;
    const last = held.length - 1;
    if (held[last] === thing) {
      held.pop();
      return;
    }
    const at = held.lastIndexOf(thing);
    if (at < 0) throw new Error(`task ${task.id} releases ${thing.describe()}, which it does not hold`);
    for (let i = at; i < last; i++) held[i] = held[i + 1]!;
    held.pop();
  }
}
