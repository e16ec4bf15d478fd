/**
 * Keeps what an adversary answered, by place and meaning: the deviations from the uneventful run. Used for the second run
 * of a sequence in which something was found; what it kept becomes the directives of a trace.
 */
import type { Bio, Bytes, Call, CallId, ChoiceLabel, Errno, FileId, Point } from '../../model/contract/index.js';
import type { Action, Adversary } from '../run/adversary.js';

export type Deviation =
  | { readonly op: CallId; readonly point: Point; readonly nth: number; readonly actions: readonly Action[] }
  | { readonly op: CallId; readonly choice: ChoiceLabel; readonly nth: number; readonly value: number }
  | { readonly op: CallId; readonly bio: BioRange; readonly nth: number; readonly status: Errno };

/** A bio by what it carries, so that it is found again whatever else is in flight. */
export interface BioRange {
  readonly file: FileId;
  readonly offset: Bytes;
  readonly length: Bytes;
}

/** Counts the completions of bios with the same range during one operation. */
export class BioCounter {
  private op: CallId = -1;
  private readonly seen = new Map<string, number>();

  /** How often, this time included, a bio of this range completed during the operation. */
  count(op: CallId, bio: BioRange): number {
    if (op !== this.op) {
      this.op = op;
      this.seen.clear();
    }
    const key = `${bio.file}:${bio.offset}:${bio.length}`;
    const nth = (this.seen.get(key) ?? 0) + 1;
    this.seen.set(key, nth);
    return nth;
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
    const nthOfRange = this.bios.count(call.id, bio);
    if (status !== 0) {
      const { file, offset, length } = bio;
      this.deviations.push({ op: call.id, bio: { file, offset, length }, nth: nthOfRange, status });
    }
    return status;
  }
}
