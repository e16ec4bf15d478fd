/**
 * Keeps what an adversary answered, by place and meaning: the deviations from the uneventful run. Used for the second run
 * of a sequence in which something was found; what it kept becomes the directives of a trace.
 */
import type { Bio, Call, CallId, ChoiceLabel, Errno, Point } from '../../model/contract/index.js';
import type { Action, Adversary } from '../run/adversary.js';

export type Deviation =
  | { readonly op: CallId; readonly point: Point; readonly nth: number; readonly actions: readonly Action[] }
  | { readonly op: CallId; readonly choice: ChoiceLabel; readonly nth: number; readonly value: number }
  | { readonly op: CallId; readonly bio: number; readonly status: Errno };

export class RecordingAdversary implements Adversary {
  readonly deviations: Deviation[] = [];
  private readonly inner: Adversary;

  constructor(inner: Adversary) {
    this.inner = inner;
  }

  observes(call: Call): boolean {
    return this.inner.observes(call);
  }

  at(call: Call, point: Point, nth: number): readonly Action[] {
    const actions = this.inner.at(call, point, nth);
    if (actions.length > 0) this.deviations.push({ op: call.id, point, nth, actions });
    return actions;
  }

  choose(call: Call, label: ChoiceLabel, nth: number, n: number): number {
    const value = this.inner.choose(call, label, nth, n);
    if (value !== 0) this.deviations.push({ op: call.id, choice: label, nth, value });
    return value;
  }

  bioStatus(call: Call, bio: Bio, nth: number): Errno {
    const status = this.inner.bioStatus(call, bio, nth);
    if (status !== 0) this.deviations.push({ op: call.id, bio: nth, status });
    return status;
  }
}
