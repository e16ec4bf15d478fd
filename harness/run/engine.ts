/**
 * What every way of running a sequence has in common: activities and their steps, injected actions, the completion of
 * I/O, completion workers, choices, and the first finding, which ends the sequence. Who goes on when is decided by those
 * who extend it: the runner (one call after the other, or as directives say) and the scheduler (as a strategy says).
 *
 * The uneventful rule is `progress`: what was parked goes on, then a worker that was begun, then the first bio completes,
 * then the first piece of waiting completion work begins.
 */
import {
  type Call,
  CallFlag,
  type ChoiceLabel,
  type Chooser,
  EINVAL,
  ENXIO,
  type Errno,
  Ev,
  type FileId,
  type Finding,
  makeCall,
  type Sink,
  type Target,
  type TaskId,
} from '../../model/contract/index.js';
import type { Oracle } from '../../model/files/index.js';
import { Activity, CHOICE_LABELS } from './activity.js';
import { type Action, type Adversary, type Injected, quiet } from './adversary.js';
import { isAlone, movesUnordered } from './alone.js';
import { deadlock, endlessBegins, fault, stepLimit } from './findings.js';
import { Judging } from './judging.js';
import { EndlessBegins } from './patience.js';
import { takeOut } from './take-out.js';

/** The checks as an engine needs them: told of calls, asked after each. */
export interface Watcher extends Sink {
  called(call: Call): void;
  returned(call: Call, answer: Activity['answer']): Finding | null;
  quiescent(): Finding | null;
}

/** Who takes part in a sequence, and by which rules. */
export interface Scene {
  /** Made with the engine as its chooser and the watcher as its sink. */
  readonly target: Target;
  readonly oracle: Oracle;
  readonly watcher: Watcher;
  readonly adversary: Adversary;
  /** Every call yields at every point, because others may run there. Without it: no. */
  readonly scheduled?: boolean;
  /** Locks say which of the calls that overlap came first; the sink tells of them (LockHearing). Without it: if scheduled. */
  readonly ordered?: boolean;
}

/** Choices whose eventful answer is a failure that the oracle has to allow for. */
const FAILURES: ReadonlySet<ChoiceLabel> = new Set([
  'folio-allocation',
  'block-allocation',
  'writeback-map',
  'mapping-broken',
  'signal',
]);

/** Errors of calls that were refused before they did anything. */
const REFUSALS: ReadonlySet<Errno> = new Set([EINVAL, ENXIO]);

/** Injected calls are named from here on; the calls of a program stay below. */
export const INJECTED_FROM = 1_000_000;

/** More yields than any operation needs. */
export const STEP_LIMIT = 200_000;

const NO_BYTES = new Uint8Array(0);

/** Task numbers: programs use those below; then come completion workers, then injected background actions. */
export const FIRST_WORKER = 8;
const FIRST_INJECTED = 16;
const TASKS = 32;

export class Engine implements Chooser {
  /** Calls finished by the program. */
  operations = 0;
  injections = 0;
  finding: Finding | null = null;
  /** Judges answers in the order in which they took effect. */
  readonly judging = new Judging();
  /** Yields after which a call counts as endless (INV-73). */
  stepLimit = STEP_LIMIT;

  protected target!: Target;
  protected watcher!: Watcher;
  protected adversary: Adversary = quiet;
  /** Every call yields at every point, because others may run there. */
  protected scheduled = false;
  /** All calls of the tasks have ended, and what comes goes one by one: it yields only where the adversary wants it. */
  private closing = false;
  /** Injected actions and unobserved workers that could not end yet. */
  protected readonly parked: Activity[] = [];
  /** Workers that are advanced step by step, by task number − FIRST_WORKER. */
  protected readonly workers: (Activity | null)[] = Array.from({ length: FIRST_INJECTED - FIRST_WORKER }, () => null);
  /** How many of them there are. */
  protected workersBegun = 0;
  /** The activity on whose account choices, failures and injections go. */
  protected account: Activity | null = null;
  private readonly pool: Activity[] = [];
  private readonly busy = new Uint8Array(TASKS);
  private injected = 0;
  /** Files whose size is open because a call failed. */
  private readonly unsure: FileId[] = [];
  /** They are being asked for. */
  private asking = false;

  /** Sets up for a new sequence. */
  begin({ target, oracle, watcher, adversary, scheduled = false, ordered = scheduled }: Scene): void {
    this.target = target;
    this.watcher = watcher;
    this.adversary = adversary;
    this.scheduled = scheduled;
    this.closing = false;
    this.judging.begin(oracle, ordered);
    this.judging.orderBy(target.orderedByLock ?? []);
    this.judging.searchAmong(target.atomic ?? []);
    this.operations = 0;
    this.injections = 0;
    this.injected = 0;
    this.unsure.length = 0;
    this.asking = false;
    this.finding = null;
    this.account = null;
    this.parked.length = 0;
    this.workers.fill(null);
    this.workersBegun = 0;
    this.busy.fill(0);
    // A read gets the memory it asks for, and not what a longer one of another sequence left.
    for (const { answer } of this.pool) answer.bytes = NO_BYTES;
  }

  /** Chooser of the target: asks the adversary on the account of the program's call in progress. */
  choose(n: number, label: ChoiceLabel, file?: FileId): number {
    const { account } = this;
    if (n <= 1 || account === null || !account.watched) return 0;
    const index = CHOICE_LABELS.indexOf(label);
    const nth = (account.asked[index] = account.asked[index]! + 1);
    const call = account.call!;
    const chosen = this.adversary.choose(call, label, nth, n);
    if (chosen !== 0) this.disturbed(call, label, file ?? call.file);
    return chosen;
  }

  /** A call of the program as an activity that has not begun. */
  protected admit(call: Call): Activity {
    const watched = this.adversary.observes(call);
    return this.take(call.task, call, watched || (this.scheduled && !this.closing), watched);
  }

  /** From now on nobody but the call in progress, and what it left to do, is there. */
  close(): void {
    this.closing = true;
  }

  /** Nothing else may be in progress while the call is. */
  protected isAlone(call: Call): boolean {
    return isAlone(call, this.judging.orders(call));
  }

  protected launch(activity: Activity): void {
    const call = activity.call!;
    this.judging.started(call, activity.id);
    this.watcher.called(call);
    activity.steps = this.target.start(call, activity, activity.answer);
  }

  /** One step of an activity; true when it ended. */
  protected step(activity: Activity): boolean {
    activity.waitsFor = null;
    const next = activity.steps!.next();
    if (next.done === true) {
      this.finish(activity);
      return true;
    }
    if (activity.observed) activity.yielded(next.value);
    if (activity.waitsFor !== null && isInHurry(activity))
      this.watcher.emit(Ev.wait, activity.call!.file, activity.id, next.value, 0);
    if (++activity.yields > this.stepLimit) this.finding ??= stepLimit([activity, ...this.others(activity)]);
    return false;
  }

  /** What the target throws is a finding, of the call whose step it was; else of `call`. */
  protected guard(call: () => Call, work: () => void): void {
    try {
      work();
    } catch (error) {
      const whose = this.account?.call ?? call();
      this.finding ??=
        error instanceof EndlessBegins ? endlessBegins(whose, error.pos, error.times) : fault(whose, error);
      this.account = null;
    }
  }

  private finish(activity: Activity): void {
    const { call } = activity;
    if (call === null) return;
    this.finding ??= this.judging.answered(call, activity.answer);
    this.finding ??= this.watcher.returned(call, activity.answer);
    const { error } = activity.answer;
    if (call.id < INJECTED_FROM && error < 0 && !REFUSALS.has(error)) this.unsure.push(call.file);
    // What failed writeback lost may have been what carried a size, which shows after a mount (WB-54).
    if (call.name === 'remount') this.unsure.push(...(this.target.view?.files ?? []));
  }

  /** After a failure the size may be the old or the new one; it is asked for, so that what follows is judged by one. */
  protected askSizes(task: TaskId): void {
    const { judging } = this;
    this.asking = true;
    if (judging.searching) this.unsure.push(...judging.unsettled());
    if (this.unsure.length > 0) {
      for (const file of this.unsure) if (this.finding === null) this.inject(makeCall(0, 'stat', file, { task }));
      this.unsure.length = 0;
    }
    if (judging.searching) this.finding ??= judging.settled();
    this.asking = false;
  }

  /**
   * Runs what an adversary injects: to its end, or as far as it goes without the disturbed call. False if it cannot be
   * judged beside another on this target.
   */
  protected inject(action: Injected): boolean {
    if (movesUnordered(action, this.judging.orders(action))) return false;
    this.injections++;
    if (action.name === 'complete') {
      while (this.finding === null && this.progress());
      return true;
    }
    const number = this.injected++;
    const call: Call = { ...action, id: INJECTED_FROM + number };
    // A task is in one call at a time.
    const alone = call.task > 0 && this.busy[call.task] === 0;
    const activity = this.take(alone ? call.task : this.freeTask(number), call, false, false);
    this.launch(activity);
    this.parked.push(activity);
    while (this.parked.includes(activity) && this.finding === null && this.progress());
    return true;
  }

  /** The uneventful next thing. False when there is nothing to do. */
  protected progress(): boolean {
    return this.advanceParked() || this.advanceWorker() || this.completeBio(0) || this.startWork();
  }

  /** Advances the first parked activity that can go on, to its next wait or its end. False if none can. */
  protected advanceParked(): boolean {
    for (let i = 0; i < this.parked.length; i++) {
      const activity = this.parked[i]!;
      if (!activity.ready) continue;
      while (!this.step(activity)) {
        if (this.finding !== null || !activity.ready) return true;
      }
      takeOut(this.parked, i);
      const { call } = activity;
      this.give(activity);
      // It may have been the last one in progress; what comes next finds sizes that are known.
      if (call !== null && !this.asking && this.judging.unsettled().length > 0) this.askSizes(call.task);
      return true;
    }
    return false;
  }

  private advanceWorker(): boolean {
    if (this.workersBegun === 0) return false;
    for (const worker of this.workers) {
      if (worker === null || !worker.ready) continue;
      this.advance(worker);
      return true;
    }
    return false;
  }

  /** One step of a worker, on nobody's account. */
  protected advance(worker: Activity): void {
    const { account } = this;
    this.account = null;
    if (this.step(worker)) {
      this.workers[worker.id - FIRST_WORKER] = null;
      this.workersBegun--;
      this.give(worker);
    }
    this.account = account;
  }

  /** Completes a bio in flight; false when there is no such bio. */
  protected completeBio(index: number): boolean {
    const { device } = this.target;
    const bio = device?.inFlight[index];
    if (device === undefined || bio === undefined) return false;
    let status: Errno = 0;
    const { account } = this;
    if (account?.watched === true) {
      const call = account.call!;
      status = this.adversary.bioStatus(call, bio, ++account.completed);
      if (status !== 0) {
        this.judging.failed({ kind: 'fault', choice: 'bio-status', call, bio, errno: status });
        this.watcher.emit(Ev['fault-injected'], bio.file, CHOICE_LABELS.indexOf('bio-status'), bio.offset, bio.length);
      }
    }
    device.complete(bio, status);
    return true;
  }

  private startWork(): boolean {
    if (this.target.work.count === 0) return false;
    const activity = this.take(this.freeWorker(), null, false, false);
    activity.steps = this.target.work.start(0, activity);
    this.parked.push(activity);
    return true;
  }

  /** Begins the first waiting piece of completion work as a worker that is advanced step by step. Null: none, or none is free. */
  protected startWorker(): Activity | null {
    if (this.target.work.count === 0) return null;
    const id = this.freeWorker();
    const activity = this.take(id, null, true, false);
    activity.steps = this.target.work.start(0, activity);
    if (this.workers[id - FIRST_WORKER] === null) this.workersBegun++;
    this.workers[id - FIRST_WORKER] = activity;
    return activity;
  }

  /** Whoever stands still, for the wait graph. */
  protected stuck(...more: readonly Activity[]): Finding {
    return deadlock([...more, ...this.parked, ...this.workers.filter(worker => worker !== null)]);
  }

  /** Calls of the program in progress beside this one, for the wait graph. */
  protected others(_than: Activity): readonly Activity[] {
    return [];
  }

  /** Nothing of the sequence is in progress or waits to be done. */
  protected get calm(): boolean {
    return this.target.view?.quiescent === true;
  }

  private disturbed(call: Call, label: ChoiceLabel, file: FileId): void {
    this.injections++;
    if (FAILURES.has(label)) this.judging.failed({ kind: 'fault', choice: label, call, bio: null, file });
    this.watcher.emit(Ev['fault-injected'], file, CHOICE_LABELS.indexOf(label), 0, 0);
  }

  private freeWorker(): number {
    for (let id = FIRST_WORKER; id < FIRST_INJECTED; id++) if (this.busy[id] === 0) return id;
    return FIRST_WORKER;
  }

  private freeTask(number: number): number {
    const room = TASKS - FIRST_INJECTED;
    for (let i = 0; i < room; i++) {
      const id = FIRST_INJECTED + ((number + 1 + i) % room);
      if (this.busy[id] === 0) return id;
    }
    return FIRST_INJECTED;
  }

  private take(task: number, call: Call | null, observed: boolean, watched: boolean): Activity {
    const activity = this.pool.pop() ?? new Activity();
    activity.reset(task, call, observed, watched);
    this.busy[task]!++;
    return activity;
  }

  /** The activity ended and can be used again. */
  protected give(activity: Activity): void {
    this.busy[activity.id]!--;
    this.pool.push(activity);
  }
}

/** It has to wait for something, and is a call that must not. */
function isInHurry({ call, ready }: Activity): boolean {
  return call !== null && (call.flags & CallFlag.NOWAIT) !== 0 && !ready;
}

/** True for what an adversary injects as a call. */
export function isCall(action: Action): action is Injected {
  return 'name' in action;
}
