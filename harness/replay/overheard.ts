/** An adversary that tells what it does as it does it, so that a timeline can show a disturbance where it happened. */
import type { Bio, Call, ChoiceLabel, Errno, Point } from '../../model/contract/index.js';
import type { Deviation } from '../adversaries/recording.js';
import type { Action, Adversary } from '../run/adversary.js';

export class OverheardAdversary implements Adversary {
  readonly schedules: boolean;
  readonly orders: boolean;
  private readonly inner: Adversary;
  private readonly tell: (deviation: Deviation) => void;

  constructor(inner: Adversary, tell: (deviation: Deviation) => void) {
    this.inner = inner;
    this.schedules = inner.schedules === true;
    this.orders = inner.orders ?? this.schedules;
    this.tell = tell;
  }

  observes(call: Call): boolean {
    return this.inner.observes(call);
  }

  at(call: Call, point: Point, nth: number): readonly Action[] {
    const actions = this.inner.at(call, point, nth);
    if (actions.length > 0) this.tell({ op: call.id, point, nth, actions });
    return actions;
  }

  idle(action: Action): void {
    this.inner.idle?.(action);
  }

  choose(call: Call, label: ChoiceLabel, nth: number, n: number): number {
    const value = this.inner.choose(call, label, nth, n);
    if (value !== 0) this.tell({ op: call.id, choice: label, nth, value });
    return value;
  }

  bioStatus(call: Call, bio: Bio, nth: number): Errno {
    const status = this.inner.bioStatus(call, bio, nth);
    if (status !== 0) {
      const { file, offset, length } = bio;
      this.tell({ op: call.id, bio: { file, offset, length }, nth, status });
    }
    return status;
  }
}
