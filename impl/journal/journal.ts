/**
 * What the reference file systems ask of a journal beyond the contract. Neither journal makes `begin` wait: committed
 * transactions gather in memory, and space in the log is found when they are written.
 */
import type { Errno, Journal, Steps, Task } from '../../model/contract/index.js';
import type { JournalTransaction } from './transaction.js';

export interface FileSystemJournal extends Journal {
  /** How many log writes have begun, each with a cache flush. */
  readonly writes: number;
  begin(task: Task): JournalTransaction;
  commit(transaction: JournalTransaction): number;
  cancel(transaction: JournalTransaction): void;
  force(position: number, task: Task): Steps<Errno>;
}
