/** One transaction of either journal: what it changed, what follows from its fate. */
import type { Errno, FileId, LogPosition, Steps, Task, Transaction } from '../../model/contract/index.js';
import { type Holdable, LockLevel } from '../sync/index.js';
import { ItemBuffer } from './items.js';

/** Writes data that must be on the device before the commit record. */
export type OrderedWrite = (task: Task) => Steps<Errno>;

export class JournalTransaction implements Transaction, Holdable {
  readonly level = LockLevel.transaction;
  readonly file = -1;
  readonly undo: (() => void)[] = [];
  readonly whenDurable: (() => void)[] = [];
  readonly ordered: OrderedWrite[] = [];
  /** Null where nothing is written and so nothing need be kept. */
  readonly items: ItemBuffer | null;
  position: LogPosition = 0;

  constructor(keepsItems: boolean) {
    this.items = keepsItems ? new ItemBuffer() : null;
  }

  log(kind: number, file: FileId, a: number, count: number, b: number): void {
    this.items?.put(kind, file, a, count, b);
  }

  orderAfter(write: OrderedWrite): void {
    this.ordered.push(write);
  }

  onCancel(undo: () => void): void {
    this.undo.push(undo);
  }

  onDurable(then: () => void): void {
    this.whenDurable.push(then);
  }

  /** Undoes what was done, in reverse. */
  cancel(): void {
    for (let undo = this.undo.pop(); undo !== undefined; undo = this.undo.pop()) undo();
    this.clear();
  }

  /** Ready for use as another transaction. */
  clear(): void {
    if (this.undo.length > 0) this.undo.length = 0;
    if (this.whenDurable.length > 0) this.whenDurable.length = 0;
    if (this.ordered.length > 0) this.ordered.length = 0;
    this.items?.clear();
  }

  describe(): string {
    return 'an open transaction';
  }
}
