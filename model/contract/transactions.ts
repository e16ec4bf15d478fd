/**
 * Transactions as the reference file systems use them (crash.md section 2): totally ordered by commit, durable as a
 * prefix. What stands behind the interface (an in-memory journal, a log on the device) is the implementation's choice:
 * data=ordered asks for `orderAfter`, the iomap variant for nothing but the order; without a journal (ext2) a commit hands
 * its blocks to write-back, which takes them in any order, and `force` writes and flushes.
 */
import type { Steps, Task } from './tasks.js';
import type { Errno, FileId } from './units.js';

/** A committed transaction's place in the total order; 0: before the first. */
export type LogPosition = number & { readonly unit?: 'log position' };

export interface Transaction {
  /**
   * A change of metadata in the file system's own words, which recovery gives back in the order of commits: a kind and a
   * file (both 0 … 255), a number, a count (a whole number below 2^32 − 1, or Infinity) and another number.
   */
  log(kind: number, file: FileId, a: number, count: number, b: number): void;
  /** Runs `write`, and needs its success, before the commit record is written: the data of data=ordered (CR-50). */
  orderAfter(write: (task: Task) => Steps<Errno>): void;
  /** Runs `undo` if the transaction is cancelled; steps are undone in reverse. */
  onCancel(undo: () => void): void;
  /** Runs `then` when the transaction is durable: a freed block may be given to another file only then (CR-13). */
  onDurable(then: () => void): void;
}

export interface Journal {
  /** Reserves log space and opens a transaction; may wait (Y-TX1). Null after a shutdown. */
  begin(task: Task): Transaction | null | Steps<Transaction | null>;
  /** Commits: the transaction takes its place in the order. */
  commit(transaction: Transaction): LogPosition;
  cancel(transaction: Transaction): void;
  /** Makes everything up to `position` durable, with the cache flushes that takes (CR-11, CR-20). */
  force(position: LogPosition, task: Task): Steps<Errno>;
  /** The last committed position, and the last durable one. */
  readonly committed: LogPosition;
  readonly durable: LogPosition;
}
