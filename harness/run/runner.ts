/**
 * Runs the calls of a program one after the other on a target, with an oracle and checks beside it and an adversary at
 * the yield points. Left alone a call runs to its end, I/O completes in order when somebody waits for it, completion work
 * runs when nothing else can. What an adversary injects runs to its own end before the disturbed call goes on, unless it
 * waits for that very call; then it is parked and goes on afterwards.
 *
 * An adversary may also let other tasks run at a place: that is how a recorded schedule is replayed. A task that was run
 * up to a point stands still there until it is run again, until the call in progress waits for it, or until its own call
 * is next in the program.
 */
import type { Call, CallId, TaskId } from '../../model/contract/index.js';
import type { Activity } from './activity.js';
import type { Action, Finish, Run } from './adversary.js';
import { Engine, FIRST_WORKER, isCall, type Scene } from './engine.js';
import { takeOut } from './take-out.js';

export { INJECTED_FROM, type Watcher } from './engine.js';

export class Runner extends Engine {
  /** Calls of the program in their order, with how far those got that others let run. */
  private upcoming: Call[] = [];
  private readonly begun: Activity[] = [];
  private readonly ended: CallId[] = [];
  /** The call whose turn it is, or was last. */
  private performed: CallId = -1;
  /** Activities that are being driven now, the innermost last. */
  private readonly driven: Activity[] = [];

  override begin(scene: Scene): void {
    super.begin(scene);
    this.upcoming = [];
    this.begun.length = 0;
    this.ended.length = 0;
    this.performed = -1;
    this.driven.length = 0;
  }

  /** Says which calls will come, so that a task can begin its next one before its turn. */
  foresee(calls: readonly Call[]): void {
    this.upcoming = [...calls];
  }

  /** Runs one call of the program to its end. False when the sequence is over because something was found. */
  perform(call: Call): boolean {
    if (this.finding !== null) return false;
    if (call.name === 'complete') {
      this.complete(call);
      return this.finding === null;
    }
    const early = this.ended.length === 0 ? -1 : this.ended.indexOf(call.id);
    if (early >= 0) {
      takeOut(this.ended, early);
      this.operations++;
      return true;
    }
    this.performed = call.id;
    const activity = this.begun.find(it => it.call!.id === call.id) ?? this.enter(call);
    this.guard(
      () => call,
      () => {
        this.drive(activity, null);
        if (!this.scheduled && this.finding === null) this.closeCall(call);
      },
    );
    if (this.finding !== null) return false;
    this.operations++;
    return true;
  }

  /** Before a loss of power after this call: what was injected ends, because a crash is judged by what was answered. */
  endInjected(after: Call): void {
    this.guard(
      () => after,
      () => this.endParked(),
    );
  }

  private endParked(): void {
    while (this.parked.length > 0 && this.finding === null) if (!this.progress()) this.finding = this.stuck();
  }

  /** What the call left parked ends; sizes that are open now are asked for; when all is quiet the checks are asked. */
  private closeCall(call: Call): void {
    this.endParked();
    this.askSizes(call.task);
    if (this.finding === null && this.calm) this.finding = this.watcher.quiescent();
  }

  /** The scheduler's own call: what completes in it may fail on its account. */
  private complete(call: Call): void {
    const account = this.admit(call);
    this.account = account;
    this.settle();
    this.account = null;
    this.give(account);
  }

  /** Completes everything in flight, with its work. */
  protected settle(): void {
    while (this.finding === null && this.progress());
    if (this.finding === null && this.parked.length > 0) this.finding = this.stuck();
  }

  private enter(call: Call): Activity {
    const activity = this.admit(call);
    this.begun.push(activity);
    if (this.upcoming.length > 0) this.upcoming = this.upcoming.filter(other => other.id !== call.id);
    return activity;
  }

  /** Drives a call to its end, or until it has reached a point so many times (`run` null: to its end, whatever it takes). */
  private drive(activity: Activity, run: Run | null): void {
    const { account } = this;
    this.driven.push(activity);
    let left = run?.times ?? 0;
    while (this.finding === null) {
      this.account = activity;
      this.visit(activity);
      if (activity.steps === null && this.finding === null) this.begins(activity);
      if (!this.waitFor(activity, run === null)) break;
      this.account = activity;
      if (this.step(activity)) {
        this.leave(activity);
        break;
      }
      if (run !== null && activity.place === run.until && --left === 0) break;
    }
    this.driven.pop();
    this.account = account;
  }

  /** What is parked ends before a call that has to be alone, as far as it can. */
  private begins(activity: Activity): void {
    if (this.isAlone(activity.call!)) while (this.parked.length > 0 && this.finding === null && this.progress());
    if (this.finding === null) this.launch(activity);
  }

  private leave(activity: Activity): void {
    const call = activity.call!;
    takeOut(this.begun, this.begun.indexOf(activity));
    if (call.id !== this.performed) this.ended.push(call.id);
    this.give(activity);
    if (this.scheduled && this.begun.length === 0) this.askSizes(call.task);
    if (this.scheduled && this.finding === null && this.calm) this.finding = this.watcher.quiescent();
  }

  /** Does what is needed until the activity can go on; false when it cannot, or something was found. */
  private waitFor(activity: Activity, insist: boolean): boolean {
    while (this.finding === null && !activity.ready) {
      if (this.progress() || (insist && this.advanceOthers())) continue;
      if (insist) this.finding = this.stuck(activity, ...this.standing());
      return false;
    }
    return this.finding === null;
  }

  /** Calls that stand still at a place. */
  private standing(): Activity[] {
    return this.begun.filter(activity => !this.driven.includes(activity));
  }

  protected override others(than: Activity): readonly Activity[] {
    return this.begun.filter(activity => activity !== than);
  }

  /** Somebody who stands still may be in the way: the first that can goes one step. */
  private advanceOthers(): boolean {
    const next = this.standing().find(activity => activity.ready && activity.steps !== null);
    if (next === undefined) return false;
    this.drive(next, { run: next.id, until: null, times: 0 });
    return true;
  }

  /** Does what the adversary wants at the place of an activity that is about to go on, once. */
  private visit(activity: Activity): void {
    if (activity.visited) return;
    activity.visited = true;
    const actions = activity.watched ? this.adversary.at(activity.call!, activity.place, activity.nth) : none;
    let caughtUp = !this.scheduled;
    for (const action of actions) {
      if (this.finding !== null) return;
      if (!isCall(action) || !caughtUp) this.catchUp();
      caughtUp = isCall(action);
      if (!this.heed(action, activity)) this.adversary.idle?.(action);
    }
    if (!caughtUp) this.catchUp();
  }

  /** False if there is nothing that the action could act on. */
  private heed(action: Action, at: Activity): boolean {
    if (isCall(action)) return this.inject(action);
    return 'run' in action ? this.run(action) : this.finishBio(action, at);
  }

  /** Under a schedule what is parked goes on as soon as it can. */
  protected catchUp(): void {
    const { account } = this;
    this.account = null;
    while (this.scheduled && this.finding === null && this.parked.length > 0 && this.advanceParked());
    this.account = account;
  }

  /** False if there is nobody to go on. */
  private run(action: Run): boolean {
    if (action.run >= FIRST_WORKER) {
      const worker = this.workers[action.run - FIRST_WORKER] ?? this.startWorker();
      if (worker !== null) this.runWorker(worker, action);
      return worker !== null;
    }
    const activity = this.ofTask(action.run);
    if (activity !== null && !this.driven.includes(activity)) this.drive(activity, action);
    return activity !== null;
  }

  private runWorker(worker: Activity, { until, times }: Run): void {
    const slot = worker.id - FIRST_WORKER;
    let left = times;
    while (this.finding === null) {
      // What the worker waits for may let it go on, and end.
      while (!worker.ready) if (!this.progress() || this.finding !== null || this.workers[slot] !== worker) return;
      this.advance(worker);
      if (this.workers[slot] !== worker) return;
      if (worker.place === until && --left === 0) return;
    }
  }

  /** The call that a task has begun, or its next one if that may begin now. */
  private ofTask(task: TaskId): Activity | null {
    for (const activity of this.begun) if (activity.id === task) return activity;
    const next = this.upcoming.find(call => call.task === task);
    return next === undefined || this.disturbs(next) ? null : this.enter(next);
  }

  /** One of those in progress, or this one, has to be alone: a schedule may be of a target that tells more of its locks. */
  private disturbs(call: Call): boolean {
    const inProgress = this.begun.filter(({ steps }) => steps !== null);
    return inProgress.length > 0 && (this.isAlone(call) || inProgress.some(({ call: other }) => this.isAlone(other!)));
  }

  /** On the account of the call at whose place it happens, unless that has not begun. False if there is no such bio. */
  private finishBio({ finish, kind }: Finish, at: Activity): boolean {
    this.account = at.steps === null ? null : at;
    const bios = this.target.device?.inFlight ?? [];
    const exact = bios.findIndex(
      bio =>
        bio.kind === kind && bio.file === finish.file && bio.offset === finish.offset && bio.length === finish.length,
    );
    const like = exact >= 0 ? exact : bios.findIndex(bio => bio.kind === kind && meets(bio, finish));
    return like >= 0 && this.completeBio(like);
  }
}

const none: readonly Action[] = [];

/** True if two bios carry bytes of the same place. A flush, which carries none, meets only other flushes. */
export function meets(one: Finish['finish'], other: Finish['finish']): boolean {
  return (
    one.file === other.file &&
    one.offset < other.offset + Math.max(1, other.length) &&
    other.offset < one.offset + Math.max(1, one.length)
  );
}
