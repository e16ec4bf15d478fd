/**
 * Keeps what an adversary answered, by place and meaning: the deviations from the uneventful run. Used for the second run
 * of a sequence in which something was found; what it kept becomes the directives of a trace.
 */
import type { Bio, Call, CallId, ChoiceLabel, Errno, Point } from '../../model/contract/index.js';
import type { Action, Adversary, BioRange } from '../run/adversary.js';
import { meets } from '../run/runner.js';

export type Deviation =
  | { readonly op: CallId; readonly point: Point; readonly nth: number; readonly actions: readonly Action[] }
  | { readonly op: CallId; readonly choice: ChoiceLabel; readonly nth: number; readonly value: number }
  | { readonly op: CallId; readonly bio: BioRange; readonly nth: number; readonly status: Errno };

/** The bios that completed during each operation. */
export class BioCounter {
  private readonly seen = new Map<CallId, BioRange[]>();

  /** A bio completed during the operation. */
  add(op: CallId, { file, offset, length }: BioRange): void {
    const list = this.seen.get(op);
    if (list === undefined) this.seen.set(op, [{ file, offset, length }]);
    else list.push({ file, offset, length });
  }

  /** How many of them, the last included, meet this range. */
  count(op: CallId, range: BioRange): number {
    let count = 0;
    for (const bio of this.seen.get(op) ?? []) if (meets(bio, range)) count++;
    return count;
  }
}

export class RecordingAdversary implements Adversary {
  readonly deviations: Deviation[] = [];
  private readonly inner: Adversary;
  private readonly bios = new BioCounter();

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
    this.bios.add(call.id, bio);
    if (status !== 0) {
      const { file, offset, length } = bio;
      const range = { file, offset, length };
      this.deviations.push({ op: call.id, bio: range, nth: this.bios.count(call.id, range), status });
    }
    return status;
  }
}
