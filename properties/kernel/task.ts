/** The threads of a recording, each with what it has under way. Those that did nothing for long are forgotten. */
import type {
  Ext4BlocksEvent,
  RangeEvent,
  ReadEvent,
  XfsExtentEvent,
  XfsFileEvent,
} from '../../model/contract/kernel-event.js';
import { OpFlag } from '../../model/contract/op-flags.js';
import type { DirectRequest } from './direct.js';
import type { Iteration } from './iteration.js';

/** One thread. */
export interface Task {
  readonly id: number;
  /** Open iterations; a fault inside a body opens one on top. */
  readonly open: Iteration[];
  /** The direct request being submitted, or waited for. */
  direct: DirectRequest | null;
  /** Announcements that the next iteration must answer. */
  read: ReadEvent | null;
  call: XfsFileEvent | null;
  zeroEof: XfsFileEvent | null;
  /** The folio that writeback took last. */
  taken: RangeEvent | null;
  /** What XFS said about the extent since the iteration asked. */
  extent: XfsExtentEvent | null;
  /** What ext4 found or allocated since the iteration asked. */
  blocks: Ext4BlocksEvent | null;
  /** True until the task starts something: it may have been in the middle of anything when recording began. */
  fresh: boolean;
  /** It has synced a file before. */
  hasSynced: boolean;
  /** Time of its last event. */
  seen: number;
  /** Line of its last event that can be no part of a truncate. */
  acted: number;
  /** The last iteration that came to its end, for messages. */
  ended: Iteration | null;
}

const MOST_TASKS = 1 << 14;

export class Tasks {
  private readonly byId = new Map<number, Task>();

  [Symbol.iterator](): IterableIterator<Task> {
    return this.byId.values();
  }

  of(id: number): Task {
    let task = this.byId.get(id);
    if (task === undefined) {
      if (this.byId.size >= MOST_TASKS) this.dropIdle();
      task = newTask(id);
      this.byId.set(id, task);
    }
    return task;
  }

  /** The request's task is still at it: it cannot end elsewhere. */
  isSubmitting(request: DirectRequest): boolean {
    const task = this.byId.get(request.begin.task);
    return task?.direct === request && task.open.some(({ first }) => (first.flags & OpFlag.DIRECT) !== 0);
  }

  /** Forgets tasks that have nothing open, oldest first; then whatever is oldest. */
  private dropIdle(): void {
    for (const [id, task] of this.byId) if (task.open.length === 0 && task.direct === null) this.byId.delete(id);
    for (const id of this.byId.keys()) {
      if (this.byId.size < MOST_TASKS / 2) break;
      this.byId.delete(id);
    }
  }
}

function newTask(id: number): Task {
  return {
    id,
    open: [],
    direct: null,
    read: null,
    call: null,
    zeroEof: null,
    taken: null,
    extent: null,
    blocks: null,
    fresh: true,
    hasSynced: false,
    acted: 0,
    seen: 0,
    ended: null,
  };
}
