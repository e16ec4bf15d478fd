/**
 * The scheduler for tests of the implementation: a call runs to its end, I/O completes and completion work runs when somebody
 * waits. Uneventful, all of it happens in order; with a picker it happens in any.
 */
import { Answer, type Call, EIO, LoneTask, type Steps, type Target } from '../../model/contract/index.js';

/** More yields than any call of a test needs. */
const STEP_LIMIT = 100_000;

export class Driver {
  readonly target: Target;
  private readonly task = new LoneTask(1);
  private readonly answer = new Answer();
  private readonly workers: { task: LoneTask; steps: Steps<void> }[] = [];

  /** One request in so many fails, if there is a picker; 0: none does. */
  failures = 0;
  private readonly pick: ((below: number) => number) | null;

  /** `pick` chooses one of so many things that could happen next. */
  constructor(target: Target, pick: ((below: number) => number) | null = null) {
    this.target = target;
    this.pick = pick;
  }

  /** Does the call; the answer is lent until the next one. */
  call(call: Call): Answer {
    const steps = this.target.start(call, this.task, this.answer);
    for (let yields = 0; yields < STEP_LIMIT; yields++) {
      const next = steps.next();
      if (next.done === true) return next.value;
      while (!this.task.ready) if (!this.advance()) throw new Error(`deadlock: ${this.task.waitsFor?.describe()}`);
      this.task.waitsFor = null;
    }
    throw new Error(`${call.name} does not end`);
  }

  /** Completes everything in flight, with its work. */
  settle(): void {
    while (this.advance());
  }

  /** One thing that can happen in the background happens; false if there is none. */
  advance(): boolean {
    if (this.pick !== null) this.shuffle(this.pick);
    for (const [place, worker] of this.workers.entries()) {
      if (!worker.task.ready) continue;
      worker.task.waitsFor = null;
      if (worker.steps.next().done === true) this.workers.splice(place, 1);
      return true;
    }
    const { device } = this.target;
    const bio = device?.inFlight[this.pick?.(device.inFlight.length) ?? 0];
    if (bio !== undefined) {
      device?.complete(bio, this.failures > 0 && this.pick?.(this.failures) === 0 ? EIO : 0);
      return true;
    }
    if (this.target.work.count === 0) return false;
    const task = new LoneTask(8 + (this.workers.length % 8));
    this.workers.push({ task, steps: this.target.work.start(this.pick?.(this.target.work.count) ?? 0, task) });
    return true;
  }

  /** A worker that began later may go on first. */
  private shuffle(pick: (below: number) => number): void {
    if (this.workers.length > 1) this.workers.push(...this.workers.splice(0, pick(this.workers.length)));
  }
}
