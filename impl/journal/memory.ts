/**
 * A journal that lives in memory: transactions commit in a total order, and a log force makes a prefix durable with one
 * cache flush of the device, as a commit record with PREFLUSH and FUA would (CR-10, CR-11, CR-20). Nothing is written
 * and nothing can be recovered from it; transactions are the units in which blocks become free for others (CR-13).
 */
import {
  type Errno,
  Ev,
  type Journal,
  type LogPosition,
  type Sink,
  type Steps,
  type Task,
  type Transaction,
} from '../../model/contract/index.js';
import { type Holdable, LockLevel } from '../sync/index.js';

/** Flushes the device's cache; ends with the errno of the flush. */
export type Flush = (task: Task) => Steps<Errno>;

export class MemoryTransaction implements Transaction, Holdable {
  readonly level = LockLevel.transaction;
  readonly file = -1;
  readonly undo: (() => void)[] = [];
  readonly whenDurable: (() => void)[] = [];
  position: LogPosition = 0;

  onCancel(undo: () => void): void {
    this.undo.push(undo);
  }

  onDurable(then: () => void): void {
    this.whenDurable.push(then);
  }

  describe(): string {
    return 'an open transaction';
  }
}

export class MemoryJournal implements Journal {
  committed: LogPosition = 0;
  durable: LogPosition = 0;
  /** Committed transactions with something to do when durable, in order. */
  private readonly waiting: MemoryTransaction[] = [];
  /** Transactions that had nothing to remember are used again. */
  private readonly spare: MemoryTransaction[] = [];
  private sink: Sink;
  private flush: Flush;

  constructor(sink: Sink, flush: Flush) {
    this.sink = sink;
    this.flush = flush;
  }

  /** An empty journal for the next sequence. */
  reset(sink: Sink, flush: Flush): void {
    this.sink = sink;
    this.flush = flush;
    this.committed = 0;
    this.durable = 0;
    this.waiting.length = 0;
  }

  begin(): MemoryTransaction {
    return this.spare.pop() ?? new MemoryTransaction();
  }

  commit(transaction: MemoryTransaction): LogPosition {
    const position = ++this.committed;
    transaction.position = position;
    transaction.undo.length = 0;
    if (transaction.whenDurable.length > 0) this.waiting.push(transaction);
    else this.spare.push(transaction);
    this.sink.emit(Ev.commit, -1, position, 0, 0);
    return position;
  }

  cancel(transaction: MemoryTransaction): void {
    for (let undo = transaction.undo.pop(); undo !== undefined; undo = transaction.undo.pop()) undo();
    transaction.whenDurable.length = 0;
    this.spare.push(transaction);
  }

  *force(position: LogPosition, task: Task): Steps<Errno> {
    if (position <= this.durable) return 0;
    // Everything committed by now goes out with this force, as one log write carries all that waits for it.
    const covered = this.committed;
    const error = yield* this.flush(task);
    if (error !== 0) return error;
    this.reach(covered);
    return 0;
  }

  private reach(position: LogPosition): void {
    if (position <= this.durable) return;
    this.durable = position;
    this.sink.emit(Ev['log-force'], -1, position, 0, 0);
    let done = 0;
    for (; done < this.waiting.length && this.waiting[done]!.position <= position; done++) {
      for (const then of this.waiting[done]!.whenDurable) then();
    }
    this.waiting.splice(0, done);
  }
}
