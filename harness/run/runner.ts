/**
 * Runs one sequence of calls, one task at a time, on a target, with an oracle and checks beside it and an adversary at
 * its yield points. It is the uneventful scheduler: a call runs to its end, I/O completes in order when somebody waits
 * for it, completion work runs when nothing else can. What an adversary injects runs to its own end before the disturbed
 * call goes on, unless it waits for that very call; then it is parked and goes on afterwards.
 *
 * The first finding ends the sequence. An exception of the target is a finding too.
 */
import {
  type Call,
  type ChoiceLabel,
  type Chooser,
  type Errno,
  Ev,
  type Finding,
  type Sink,
  type Target,
} from '../../model/contract/index.js';
import type { Oracle } from '../../model/files/index.js';
import { Activity, CHOICE_LABELS } from './activity.js';
import { type Action, type Adversary, quiet } from './adversary.js';
import { deadlock, fault, stepLimit } from './findings.js';

/** The checks as the runner needs them: told of calls, asked after each. */
export interface Watcher extends Sink {
  called(call: Call): void;
  returned(call: Call, answer: Activity['answer']): Finding | null;
  quiescent(): Finding | null;
}

/** Choices whose eventful answer is a failure that the oracle has to allow for. */
const FAILURES: ReadonlySet<ChoiceLabel> = new Set(['folio-allocation', 'block-allocation', 'signal']);

/** Injected calls are named from here on; the calls of a program stay below. */
export const INJECTED_FROM = 1_000_000;

/** More yields than any operation needs; past it the operation counts as endless (INV-73). */
const STEP_LIMIT = 200_000;

export class Runner implements Chooser {
  /** Calls finished, by the program and by injections. */
  operations = 0;
  injections = 0;
  finding: Finding | null = null;

  private target!: Target;
  private oracle!: Oracle;
  private watcher!: Watcher;
  private adversary: Adversary = quiet;
  private readonly pool: Activity[] = [];
  private readonly parked: Activity[] = [];
  /** The program's call in progress: choices and points are counted on its account. */
  private main: Activity | null = null;
  private injected = 0;

  /** Sets up for a new sequence. The target was made with this runner as its chooser and the watcher as its sink. */
  begin(target: Target, oracle: Oracle, watcher: Watcher, adversary: Adversary): void {
    this.target = target;
    this.oracle = oracle;
    this.watcher = watcher;
    this.adversary = adversary;
    this.operations = 0;
    this.injections = 0;
    this.injected = 0;
    this.finding = null;
    this.main = null;
    this.parked.length = 0;
  }

  /** Chooser of the target: asks the adversary on the account of the program's call in progress. */
  choose(n: number, label: ChoiceLabel): number {
    const main = this.main;
    if (n <= 1 || main === null || !main.observed) return 0;
    const index = CHOICE_LABELS.indexOf(label);
    const nth = (main.asked[index] = main.asked[index]! + 1);
    const call = main.call!;
    const chosen = this.adversary.choose(call, label, nth, n);
    if (chosen !== 0) this.disturbed(call, label);
    return chosen;
  }

  /** Runs one call of the program to its end. False when the sequence is over because something was found. */
  perform(call: Call): boolean {
    if (call.name === 'complete') {
      this.settle();
      return this.finding === null;
    }
    const activity = this.take(call.task, call, this.adversary.observes(call));
    this.main = activity;
    try {
      this.launch(activity);
      if (this.finding === null) this.runMain(activity);
      this.main = null;
      if (this.finding === null && this.parked.length > 0) this.drainParked();
      if (this.finding === null && this.view?.quiescent === true) this.finding = this.watcher.quiescent();
    } catch (error) {
      this.main = null;
      this.finding ??= fault(call, error);
    }
    this.pool.push(activity);
    if (this.finding !== null) return false;
    this.operations++;
    return true;
  }

  /** Completes everything in flight, with its work. */
  private settle(): void {
    while (this.finding === null && (this.advanceParked() || this.completeOne() || this.startWork()));
    if (this.finding === null && this.parked.length > 0) this.finding = deadlock(this.parked);
  }

  private get view(): Target['view'] {
    return this.target.view;
  }

  private launch(activity: Activity): void {
    const call = activity.call!;
    this.oracle.invoke(call);
    this.watcher.called(call);
    activity.steps = this.target.start(call, activity, activity.answer);
  }

  private runMain(activity: Activity): void {
    const call = activity.call!;
    const steps = activity.steps!;
    for (;;) {
      const next = steps.next();
      if (next.done === true) break;
      if (++activity.yields > STEP_LIMIT) {
        this.finding = stepLimit(call);
        return;
      }
      if (activity.observed) {
        const point = next.value;
        const nth = (activity.passed[point] = activity.passed[point]! + 1);
        for (const action of this.adversary.at(call, point, nth)) {
          this.inject(action);
          if (this.finding !== null) return;
        }
      }
      while (!activity.ready) {
        if (this.advanceParked() || this.completeOne() || this.startWork()) {
          if (this.finding !== null) return;
          continue;
        }
        this.finding = deadlock([activity, ...this.parked]);
        return;
      }
      activity.waitsFor = null;
    }
    this.finish(activity);
  }

  private finish(activity: Activity): void {
    const call = activity.call;
    if (call === null) return;
    this.finding ??= this.oracle.respond(call, activity.answer);
    this.finding ??= this.watcher.returned(call, activity.answer);
  }

  /** Starts an injected action and runs it as far as it goes without the disturbed call. */
  private inject(action: Action): void {
    this.injections++;
    if (action.name === 'complete') {
      while (this.advanceParked() || this.completeOne() || this.startWork()) if (this.finding !== null) return;
      return;
    }
    const call: Call = { ...action, id: INJECTED_FROM + this.injected++ };
    const activity = this.take(call.task === 0 ? 16 + (this.injected % 16) : call.task, call, false);
    this.launch(activity);
    this.parked.push(activity);
    while (this.parked.includes(activity) && this.finding === null) {
      if (this.advanceParked() || this.completeOne() || this.startWork()) continue;
      return;
    }
  }

  /** Advances the first parked activity that can go on, to its next wait or its end. False if none can. */
  private advanceParked(): boolean {
    for (let i = 0; i < this.parked.length; i++) {
      const activity = this.parked[i]!;
      if (!activity.ready) continue;
      activity.waitsFor = null;
      for (;;) {
        const next = activity.steps!.next();
        if (next.done === true) {
          this.parked.splice(i, 1);
          this.finish(activity);
          this.pool.push(activity);
          return true;
        }
        if (++activity.yields > STEP_LIMIT) {
          this.finding ??= stepLimit(activity.call);
          this.parked.splice(i, 1);
          return true;
        }
        if (!activity.ready) return true;
        activity.waitsFor = null;
      }
    }
    return false;
  }

  private completeOne(): boolean {
    const device = this.target.device;
    const bio = device?.inFlight[0];
    if (device === undefined || bio === undefined) return false;
    let status: Errno = 0;
    const main = this.main;
    if (main?.observed === true) {
      const call = main.call!;
      status = this.adversary.bioStatus(call, bio, ++main.completed);
      if (status !== 0) {
        this.oracle.effect({ kind: 'fault', choice: 'bio-status', call, bio });
        this.watcher.emit(Ev['fault-injected'], bio.file, CHOICE_LABELS.indexOf('bio-status'), bio.offset, bio.length);
      }
    }
    device.complete(bio, status);
    return true;
  }

  private startWork(): boolean {
    if (this.target.work.count === 0) return false;
    const activity = this.take(8, null, false);
    activity.steps = this.target.work.start(0, activity);
    this.parked.push(activity);
    return true;
  }

  private drainParked(): void {
    while (this.parked.length > 0 && this.finding === null) {
      if (this.advanceParked() || this.completeOne() || this.startWork()) continue;
      this.finding = deadlock(this.parked);
    }
  }

  private disturbed(call: Call, label: ChoiceLabel): void {
    this.injections++;
    if (FAILURES.has(label)) this.oracle.effect({ kind: 'fault', choice: label, call, bio: null });
    this.watcher.emit(Ev['fault-injected'], call.file, CHOICE_LABELS.indexOf(label), 0, 0);
  }

  private take(task: number, call: Call | null, observed: boolean): Activity {
    const activity = this.pool.pop() ?? new Activity();
    activity.reset(task, call, observed);
    return activity;
  }
}
