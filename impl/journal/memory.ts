/**
 * A journal that lives in memory: transactions commit in a total order, and a log force makes a prefix durable with one
 * cache flush of the device, as a commit record with PREFLUSH and FUA would (CR-10, CR-11, CR-20). Nothing is written
 * and nothing can be recovered from it; transactions are the units in which blocks become free for others (CR-13). It is
 * what campaigns without crashes run on, and costs them next to nothing.
 */
import {
  type BlockDevice,
  type Errno,
  Ev,
  type LogPosition,
  type Sink,
  type Steps,
  type Task,
} from '../../model/contract/index.js';
import type { FileSystemJournal } from './journal.js';
import { flushDevice } from './metadata-bio.js';
import { JournalTransaction } from './transaction.js';

export class MemoryJournal implements FileSystemJournal {
  committed: LogPosition = 0;
  durable: LogPosition = 0;
  writes = 0;
  /** Committed transactions with something to do when or before they are durable, in order. */
  private readonly waiting: JournalTransaction[] = [];
  /** Transactions that had nothing to remember are used again. */
  private readonly spare: JournalTransaction[] = [];
  private readonly device: BlockDevice;
  private readonly sink: Sink;

  constructor(device: BlockDevice, sink: Sink) {
    this.device = device;
    this.sink = sink;
  }

  begin(): JournalTransaction {
    return this.spare.pop() ?? new JournalTransaction(false);
  }

  commit(transaction: JournalTransaction): LogPosition {
    const position = ++this.committed;
    transaction.position = position;
    if (transaction.undo.length > 0) transaction.undo.length = 0;
    if (transaction.whenDurable.length > 0 || transaction.ordered.length > 0) this.waiting.push(transaction);
    else this.spare.push(transaction);
    this.sink.emit(Ev.commit, -1, position, 0, 0);
    return position;
  }

  cancel(transaction: JournalTransaction): void {
    transaction.cancel();
    this.spare.push(transaction);
  }

  *force(position: LogPosition, task: Task): Steps<Errno> {
    if (position <= this.durable) return 0;
    // Everything committed by now goes out with this force, as one log write carries all that waits for it.
    const covered = this.committed;
    for (const transaction of this.waiting.slice())
      for (const write of transaction.ordered) {
        const error = yield* write(task);
        if (error !== 0) return error;
      }
    this.writes++;
    const error = yield* flushDevice(this.device, task);
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
    if (done > 0) this.waiting.splice(0, done);
  }
}
