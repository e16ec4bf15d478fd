/**
 * Runs the calls of several tasks at once. Every activity (a task with its call, a completion worker) and the device
 * advance one step at a time, from yield point to yield point, and a strategy picks who is next. What an adversary injects
 * at a place runs to its end when the call there is picked, before it goes on.
 *
 * A schedule is recorded as deviations from the run of its calls one after the other, in the order in which they began:
 * what others do while the first call that has not ended stands at a place is told at that place (`Run`, `Finish`). The
 * runner plays it back.
 *
 * Calls that the oracle can only judge by themselves (run/alone.ts) begin when no other is in progress, and no other begins
 * before they end.
 */
import { type Call, type TaskId, Y } from '../../model/contract/index.js';
import type { Activity, Guide } from '../run/activity.js';
import { BEGINNING } from '../run/adversary.js';
import { FIRST_WORKER, isCall, type Scene } from '../run/engine.js';
import { starved } from '../run/findings.js';
import { Runner } from '../run/runner.js';
import { takeOut } from '../run/take-out.js';
import type { ScheduleRecorder } from './recorder.js';
import { ABANDON, ACTORS, DEVICE, type Decision, type Strategy, WORKER } from './strategy.js';
import type { StepTracking } from './tracking.js';

/** Bios in flight that may complete out of order. */
const BIOS = 8;
/** Room for all actors and these bios. */
const MOST = ACTORS + BIOS;
/**
 * Steps without the end of any call after which the strategy is asked no more and all go on in turn; and steps taken in turn
 * after which somebody counts as starved (INV-73). Calls in tiny geometries take some hundred.
 */
const RESTLESS = 4_000;
const IN_TURN = 8_000;

/** Nobody decided yet. */
const UNDECIDED = -2;

interface Lane {
  readonly task: TaskId;
  readonly calls: Call[];
  /** Index of the next call to begin, and whether that one has to be alone. */
  next: number;
  alone: boolean;
  current: Activity | null;
}

/** Told of calls while they are scheduled. */
export interface ScheduleFollower {
  /** The call begins. */
  mark(call: Call): void;
  /** No call is in progress any more. */
  rest(): void;
}

const UNFOLLOWED: ScheduleFollower = { mark() {}, rest() {} };

export class Scheduler extends Runner implements Guide {
  /** Steps taken, and switches away from a task that could have gone on. */
  steps = 0;
  preemptions = 0;
  preemptedWrites = 0;
  lockWaits = 0;
  /** Times a task waited for one that had waited for it before; and completions out of order. */
  mutualWaits = 0;
  outOfOrder = 0;
  /** By task: a bit for each it has waited for. */
  private readonly waited = new Int32Array(32);
  /** The order in which the calls began. */
  readonly order: Call[] = [];
  private readonly lanes: Lane[] = [];
  /** The same, by task. */
  private readonly byTask: (Lane | undefined)[] = [];
  private readonly decision: Decision = {
    count: 0,
    actors: new Int32Array(MOST),
    details: new Int32Array(MOST),
    preempts: false,
    last: 0,
  };
  private recorder: ScheduleRecorder | null = null;
  private follower = UNFOLLOWED;
  private tracking: StepTracking | null = null;
  /** Calls in progress, in the order in which they began. */
  private readonly inProgress: Activity[] = [];
  /** The call in progress is one that has to be alone. */
  private alone = false;
  private strategy!: Strategy;
  /** What was decided at the point that a call yielded then, or `UNDECIDED`. */
  private chosen = UNDECIDED;
  private last = 0;
  /** Steps since a call ended; and by actor the last step it took. */
  private restless = 0;
  /** The strategy gave the run up. */
  abandoned = false;
  private readonly stepped = new Float64Array(ACTORS);

  override begin(scene: Scene): void {
    super.begin(scene);
    this.steps = 0;
    this.preemptions = 0;
    this.preemptedWrites = 0;
    this.lockWaits = 0;
    this.mutualWaits = 0;
    this.outOfOrder = 0;
    this.waited.fill(0);
    this.order.length = 0;
    this.lanes.length = 0;
    this.byTask.length = 0;
    this.inProgress.length = 0;
    this.alone = false;
    this.chosen = UNDECIDED;
    this.last = 0;
    this.restless = 0;
    this.abandoned = false;
    this.decision.last = 0;
    this.stepped.fill(0);
  }

  /** Runs the calls, each by its task, until all have ended. False when something was found, or the strategy gave the run up. */
  schedule(
    calls: readonly Call[],
    strategy: Strategy,
    recorder: ScheduleRecorder | null,
    follower: ScheduleFollower = UNFOLLOWED,
    tracking: StepTracking | null = null,
  ): boolean {
    this.recorder = recorder;
    this.follower = follower;
    this.tracking = tracking;
    for (const call of calls) this.lane(call.task).calls.push(call);
    this.lanes.sort((a, b) => a.task - b.task);
    for (const lane of this.lanes) lane.alone = this.headIsAlone(lane);
    this.strategy = strategy;
    strategy.begin();
    const first = calls[0];
    if (first !== undefined)
      this.guard(
        () => this.inProgress[0]?.call ?? first,
        () => {
          while (this.finding === null && this.decide());
        },
      );
    return this.finding === null && !this.abandoned;
  }

  private lane(task: TaskId): Lane {
    return this.byTask[task] ?? this.makeLane(task);
  }

  private makeLane(task: TaskId): Lane {
    const lane: Lane = { task, calls: [], next: 0, alone: false, current: null };
    this.lanes.push(lane);
    this.byTask[task] = lane;
    return lane;
  }

  /** One step. False when all calls have ended. */
  private decide(): boolean {
    this.catchUp();
    if (this.finding !== null) return false;
    if (this.inProgress.length === 0 && this.lanes.every(lane => lane.next === lane.calls.length)) return false;
    const chosen = this.chosen === UNDECIDED ? this.pick() : this.chosen;
    this.chosen = UNDECIDED;
    if (chosen === ABANDON) return false;
    const { decision } = this;
    this.steps++;
    if (chosen !== 0 && decision.preempts) {
      this.preemptions++;
      if (this.lane(this.last).current?.call?.name === 'write') this.preemptedWrites++;
    }
    const actor = decision.actors[chosen]!;
    this.stepped[actor] = this.steps;
    this.last = decision.last = actor;
    if (this.tracking === null) this.act(actor, decision.details[chosen]!);
    else this.actTracked(actor, decision.details[chosen]!, this.tracking);
    return true;
  }

  /** Who of those that can go on does: an index into the decision, or `ABANDON`. */
  private pick(): number {
    const { decision } = this;
    if (this.keepsOn()) return 0;
    this.collect();
    if (decision.count === 0) this.finding = this.stuck(...this.inProgress);
    else if (++this.restless > RESTLESS + IN_TURN) this.finding = starved(this.inProgress, IN_TURN);
    if (this.finding !== null) return ABANDON;
    if (decision.count === 1) return 0;
    const chosen = this.restless > RESTLESS ? this.next() : this.strategy.choose(decision);
    this.abandoned ||= chosen === ABANDON;
    return chosen;
  }

  /** Whoever went on last does so again, which is settled before all who could are gathered. */
  private keepsOn(): boolean {
    const { decision, strategy, last } = this;
    if (strategy.keeps === undefined || this.restless >= RESTLESS) return false;
    if (last === 0 || last >= FIRST_WORKER) return false;
    const lane = this.byTask[last]!;
    if (lane.current?.ready !== true || (this.othersCan(lane) && !strategy.keeps())) return false;
    this.restless++;
    decision.actors[0] = last;
    decision.details[0] = 0;
    return true;
  }

  /**
   * The call came to a point: decides there and then who goes on. Two times in three it is the call itself, which then
   * need not be suspended, with all that it is in the middle of.
   */
  passes(activity: Activity): boolean {
    if (this.tracking !== null || activity.watched || this.parked.length > 0 || this.finding !== null) return false;
    this.chosen = this.pick();
    if (this.chosen !== 0 || this.finding !== null || ++activity.yields > this.stepLimit) return false;
    this.chosen = UNDECIDED;
    this.stepped[activity.id] = ++this.steps;
    const base = this.inProgress[0]!;
    if (activity !== base) this.recorder?.ran(base, activity.id, activity.place);
    return true;
  }

  private act(actor: number, detail: number): void {
    if (actor === DEVICE) this.finishOne(detail);
    else if (actor === WORKER || actor >= FIRST_WORKER) this.stepWorker(actor);
    else this.stepTask(this.lane(actor));
  }

  private actTracked(actor: number, detail: number, tracking: StepTracking): void {
    const lane = actor < FIRST_WORKER ? this.lane(actor) : null;
    const first = lane?.current === null;
    const call = lane === null ? null : (lane.current?.call ?? lane.calls[lane.next]!);
    tracking.before(actor === DEVICE ? this.target.device!.inFlight[detail]! : null);
    this.act(actor, detail);
    tracking.after(actor, call, first, lane?.current === null);
  }

  /** In turn: the one that has not gone on for longest. */
  private next(): number {
    const { count, actors } = this.decision;
    let longest = 0;
    for (let i = 1; i < count; i++) if (this.stepped[actors[i]!]! < this.stepped[actors[longest]!]!) longest = i;
    return longest;
  }

  /** Can anybody go on but the task of this lane, which can? */
  private othersCan(than: Lane): boolean {
    const { workers, target } = this;
    if ((target.device?.inFlight.length ?? 0) > 0) return true;
    if (target.work.count > 0 && this.workersBegun < workers.length) return true;
    if (this.workersBegun > 0) for (const worker of workers) if (worker?.ready === true) return true;
    if (this.alone) return false;
    for (const lane of this.lanes) if (lane !== than && this.canGoOn(lane, true)) return true;
    return false;
  }

  /** What can happen, the uneventful first. This runs at most yield points of every call. */
  private collect(): void {
    const { decision, workers, target, last } = this;
    const { actors, details } = decision;
    const lately = last > 0 && last < FIRST_WORKER ? this.byTask[last]! : null;
    const goesOn = lately?.current?.ready === true;
    let count = 0;
    if (goesOn) actors[count++] = last;
    if (this.workersBegun > 0) for (const worker of workers) if (worker?.ready === true) actors[count++] = worker.id;
    const bios = target.device?.inFlight.length ?? 0;
    if (bios > 0) actors[count++] = DEVICE;
    if (target.work.count > 0 && this.workersBegun < workers.length) actors[count++] = WORKER;
    // A call that has to be alone lets nobody begin, and nobody else was there when it began.
    if (!(this.alone && goesOn)) count = this.collectLanes(count, goesOn ? lately : null);
    for (let i = 0; i < count; i++) details[i] = 0;
    for (let i = 1; i < bios && i < BIOS; i++) {
      details[count] = i;
      actors[count++] = DEVICE;
    }
    decision.count = count;
    decision.preempts = goesOn;
  }

  /** The tasks that can go on or begin their next call, but for one that is counted already. */
  private collectLanes(before: number, counted: Lane | null): number {
    const { actors } = this.decision;
    const busy = this.inProgress.length > 0 || this.parked.length > 0;
    let count = before;
    for (const lane of this.lanes) if (lane !== counted && this.canGoOn(lane, busy)) actors[count++] = lane.task;
    return count;
  }

  /** A call that has to be alone begins when no other is there (`busy`), injected ones included; while it is there no other begins. */
  private canGoOn({ current, next, calls, alone }: Lane, busy: boolean): boolean {
    if (current !== null) return current.ready;
    return next < calls.length && !(busy && (alone || this.alone));
  }

  private stepTask(lane: Lane): void {
    const activity = lane.current ?? this.beginCall(lane);
    const base = this.inProgress[0]!;
    this.account = activity;
    this.disturb(activity);
    if (this.finding !== null) return;
    if (activity.steps === null) this.launch(activity);
    const ended = this.step(activity);
    this.account = null;
    if (!ended && activity.place === Y['Y-LK1']) this.waits(activity);
    if (activity !== base) this.recorder?.ran(base, activity.id, ended ? null : activity.place);
    if (!ended) return;
    lane.current = null;
    this.restless = 0;
    takeOut(this.inProgress, this.inProgress.indexOf(activity));
    this.operations++;
    this.give(activity);
    if (this.inProgress.length === 0) {
      this.alone = false;
      this.follower.rest();
      this.askSizes(lane.task);
    }
    if (this.finding === null && this.calm) this.finding = this.watcher.quiescent();
  }

  private waits({ id, waitsFor }: Activity): void {
    if (waitsFor === null) return;
    this.lockWaits++;
    for (const other of waitsFor.blockers()) {
      this.waited[id]! |= 1 << other;
      if ((this.waited[other]! & (1 << id)) !== 0) this.mutualWaits++;
    }
  }

  private headIsAlone({ calls, next }: Lane): boolean {
    return next < calls.length && this.isAlone(calls[next]!);
  }

  private beginCall(lane: Lane): Activity {
    const call = lane.calls[lane.next++]!;
    this.alone = lane.alone;
    lane.alone = this.headIsAlone(lane);
    const activity = this.admit(call);
    activity.guide = this;
    lane.current = activity;
    this.inProgress.push(activity);
    this.order.push(call);
    this.follower.mark(call);
    if (this.inProgress.length === 1) this.recorder?.begins(call);
    return activity;
  }

  /** What the adversary wants at the place that a call is about to leave. */
  private disturb(activity: Activity): void {
    if (activity.visited || !activity.watched) return;
    activity.visited = true;
    if (activity.place === BEGINNING) return;
    for (const action of this.adversary.at(activity.call!, activity.place, activity.nth)) {
      if (this.finding !== null) return;
      if (isCall(action) && !this.inject(action)) this.adversary.idle?.(action);
    }
  }

  private stepWorker(actor: number): void {
    const worker = actor === WORKER ? this.startWorker() : this.workers[actor - FIRST_WORKER]!;
    if (worker === null) return;
    const { id } = worker;
    this.advance(worker);
    const ended = this.workers[id - FIRST_WORKER] !== worker;
    this.recorder?.ran(this.inProgress[0] ?? null, id, ended ? null : worker.place);
  }

  private finishOne(index: number): void {
    if (index > 0) this.outOfOrder++;
    const bio = this.target.device!.inFlight[index]!;
    const base = this.inProgress[0] ?? null;
    this.account = base;
    const { file, offset, length, kind } = bio;
    this.completeBio(index);
    this.account = null;
    this.recorder?.finished(base, { finish: { file, offset, length }, kind });
  }
}
