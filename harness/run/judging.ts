/**
 * Between a run and the oracle: says when calls that overlap in time took effect.
 *
 * A target that names the operations whose answers depend only on what they see and do under the inode lock (L1), and
 * tells of its locks, fixes the order of those calls: each counts as begun when it takes the lock, so calls that exclude
 * each other do not overlap, and an answer is judged only after those of calls that had the lock before. All others count
 * from start to answer, and what overlaps is judged by the weaker rules of the oracle (INV-30, INV-31). For a target that
 * tells of no locks, but which of its calls are atomic, a serial order of whole calls is searched for besides (harness/serial).
 */
import {
  Answer,
  type Call,
  Ev,
  type EventKind,
  type FileId,
  type Finding,
  type IterationRecord,
  type IterStep,
  isBackground,
  LOOKING,
  type OperationName,
  operationTable,
  type Sink,
  type TaskId,
} from '../../model/contract/index.js';
import type { Effect, Oracle } from '../../model/files/index.js';
import { Groups } from '../serial/groups.js';
import { takeOut } from './take-out.js';

const INODE_LOCK = 1;
const CHANGING = operationTable(name => !LOOKING.has(name));

/** A call in progress, or one whose answer waits for that of another. */
interface Open {
  readonly call: Call;
  readonly task: TaskId;
  /** The oracle knows of it. */
  invoked: boolean;
  /** When it last took L1 of one of its files; 0: not yet. */
  turn: number;
  exclusive: boolean;
  readonly changes: boolean;
  answer: Answer | null;
}

export class Judging {
  private oracle!: Oracle;
  private ordered = false;
  /** The operations that the lock orders, and the same by number. */
  private lockingNames: readonly OperationName[] = [];
  private locking = operationTable(() => false);
  private readonly open: Open[] = [];
  private turns = 0;
  private finding: Finding | null = null;
  private readonly groups = new Groups();

  /** `ordered`: calls of several tasks will overlap. */
  begin(oracle: Oracle, ordered: boolean): void {
    this.oracle = oracle;
    this.ordered = ordered;
    this.open.length = 0;
    this.turns = 0;
    this.finding = null;
  }

  /** The operations that the target orders by L1. */
  orderBy(names: readonly OperationName[]): void {
    if (names === this.lockingNames) return;
    this.lockingNames = names;
    this.locking = operationTable(name => names.includes(name));
  }

  /** The target tells by its locks when calls of this operation have their turn. */
  orders({ operation }: Pick<Call, 'operation'>): boolean {
    return this.locking[operation]!;
  }

  /** The operations that take effect as a whole, of a target that tells of no locks. */
  searchAmong(names: readonly OperationName[]): void {
    this.groups.begin(this.ordered ? names : []);
    if (this.ordered && names.length > 0) this.oracle.effect({ kind: 'order-unknown' });
  }

  /** Serial orders are searched for. */
  get searching(): boolean {
    return this.groups.active;
  }

  /** Nobody is in progress: the files whose sizes have to be known before `settled`. */
  unsettled(): readonly FileId[] {
    return this.groups.files();
  }

  /** Nobody is in progress: judges those who were. */
  settled(): Finding | null {
    return this.groups.judge();
  }

  started(call: Call, task: TaskId): void {
    if (!this.ordered) {
      this.oracle.invoke(call);
      return;
    }
    if (this.groups.active && !isBackground(call)) this.groups.started(call, this.oracle);
    const late = this.locking[call.operation]!;
    if (!late) this.oracle.invoke(call);
    const changes = CHANGING[call.operation]!;
    if (!isBackground(call))
      this.open.push({ call, task, invoked: !late, turn: 0, exclusive: false, changes, answer: null });
  }

  /** A task took the inode lock of a file. */
  locked(file: FileId, mode: number, task: TaskId): void {
    const entry = this.inProgress(file, task);
    if (entry === null) return;
    entry.turn = ++this.turns;
    entry.exclusive ||= mode % 2 === 1;
    if (!entry.invoked) this.oracle.invoke(entry.call);
    entry.invoked = true;
    this.release();
  }

  /** A call answered: judges it, or keeps the answer until those before it are there. */
  answered(call: Call, answer: Answer): Finding | null {
    if (!this.ordered) return this.oracle.respond(call, answer);
    if (this.groups.active) this.groups.answered(call, answer);
    const entry = this.entryOf(call);
    if (entry === null) return this.oracle.respond(call, answer);
    if (!entry.invoked) this.oracle.invoke(call);
    entry.invoked = true;
    if (this.waits(entry)) {
      entry.answer = copyOf(answer);
      return null;
    }
    takeOut(this.open, this.open.indexOf(entry));
    this.finding ??= this.oracle.respond(call, answer);
    this.release();
    const { finding } = this;
    this.finding = null;
    return finding;
  }

  /** An injected failure; any call in progress may be the one that shows it. */
  failed(effect: Effect & { readonly kind: 'fault' }): void {
    if (this.groups.active) this.groups.fail();
    if (!this.ordered) this.oracle.effect(effect);
    else this.oracle.effect({ ...effect, others: this.open.map(({ call }) => call).filter(it => it !== effect.call) });
  }

  private inProgress(file: FileId, task: TaskId): Open | null {
    for (const entry of this.open)
      if (entry.task === task && entry.answer === null && isOf(entry.call, file)) return entry;
    return null;
  }

  private entryOf(call: Call): Open | null {
    for (const entry of this.open) if (entry.call === call) return entry;
    return null;
  }

  /** Must its answer wait for that of a call which had the lock before it? */
  private waits(entry: Open): boolean {
    if (entry.turn === 0) return false;
    for (const other of this.open)
      if (
        other !== entry &&
        other.changes &&
        other.turn > 0 &&
        other.turn < entry.turn &&
        (isOf(other.call, entry.call.file) || isOf(other.call, entry.call.fromFile)) &&
        (other.exclusive || entry.exclusive)
      )
        return true;
    return false;
  }

  private release(): void {
    for (let again = true; again; ) {
      again = false;
      for (const entry of this.open) {
        if (entry.answer === null || this.waits(entry)) continue;
        takeOut(this.open, this.open.indexOf(entry));
        this.finding ??= this.oracle.respond(entry.call, entry.answer);
        again = true;
        break;
      }
    }
  }
}

function copyOf(answer: Answer): Answer {
  const copy = new Answer();
  copy.error = answer.error;
  copy.count = answer.count;
  copy.bytes = answer.bytes.slice(0, answer.count);
  copy.size = answer.size;
  copy.blocks512 = answer.blocks512;
  copy.extents = [...answer.extents];
  copy.differs = answer.differs;
  return copy;
}

/** A sink that tells who took the inode lock, and passes everything on. */
export class LockHearing implements Sink {
  private readonly judging: Judging;
  private readonly inner: Sink;

  constructor(judging: Judging, inner: Sink) {
    this.judging = judging;
    this.inner = inner;
  }

  emit(kind: EventKind, file: FileId, a: number, b: number, c: number): void {
    if (kind === Ev.lock && a === INODE_LOCK) this.judging.locked(file, b, c);
    this.inner.emit(kind, file, a, b, c);
  }

  iteration(step: IterStep, record: IterationRecord): void {
    this.inner.iteration(step, record);
  }
}

/** The file is the call's, or its source. */
function isOf(call: Call, file: FileId): boolean {
  return call.file === file || call.fromFile === file;
}
