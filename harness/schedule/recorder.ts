/**
 * Writes a schedule down as deviations: at the place where the first call in progress stands, what the others do before it
 * goes on. Steps that one of them makes in a row become one `Run`, until the point it stopped at or the end of its call.
 */
import type { Call, CallId, Point, TaskId } from '../../model/contract/index.js';
import type { Deviation } from '../adversaries/recording.js';
import type { Activity } from '../run/activity.js';
import { type Action, BEGINNING, type Finish } from '../run/adversary.js';

export class ScheduleRecorder {
  private readonly deviations: Deviation[];
  private op: CallId = -1;
  private point: Point = BEGINNING;
  private nth = 1;
  private actions: Action[] = [];
  /** What happened since the last call ended and belongs to the beginning of the next. */
  private ahead: Action[] = [];
  /** The task that is running in the last action, with the points it passed; −1: none, or it ended. */
  private running: TaskId = -1;
  private readonly passed: Point[] = [];

  constructor(deviations: Deviation[]) {
    this.deviations = deviations;
  }

  /** A call becomes the first in progress by beginning. */
  begins(call: Call): void {
    this.running = -1;
    if (this.ahead.length === 0) return;
    this.deviations.push({ op: call.id, point: BEGINNING, nth: 1, actions: this.ahead });
    this.ahead = [];
  }

  /** While `base` stood still somebody else made a step, to a point or (null) to the end of what it did. */
  ran(base: Activity | null, task: TaskId, point: Point | null): void {
    const list = this.at(base);
    if (this.running !== task) {
      this.passed.length = 0;
      list.push({ run: task, until: null, times: 1 });
    }
    this.running = point === null ? -1 : task;
    if (point === null) {
      list[list.length - 1] = { run: task, until: null, times: 1 };
      return;
    }
    this.passed.push(point);
    const times = this.passed.filter(other => other === point).length;
    list[list.length - 1] = { run: task, until: point, times };
  }

  finished(base: Activity | null, action: Finish): void {
    this.at(base).push(action);
    this.running = -1;
  }

  /** The list of what happens at the place of `base`. */
  private at(base: Activity | null): Action[] {
    if (base === null) {
      this.op = -1;
      return this.ahead;
    }
    const op = base.call!.id;
    if (op === this.op && base.place === this.point && base.nth === this.nth) return this.actions;
    this.op = op;
    this.point = base.place;
    this.nth = base.nth;
    this.actions = [];
    this.running = -1;
    this.deviations.push({ op, point: this.point, nth: this.nth, actions: this.actions });
    return this.actions;
  }
}
