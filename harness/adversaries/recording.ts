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

/**
 * A bio by what it carries, so that it is found again whatever else is in flight and however a range was cut into bios:
 * the file (−1: metadata) and the range.
 */
export interface BioRange {
  readonly file: FileId;
  readonly offset: Bytes;
  readonly length: Bytes;
}

/** True if two bios carry bytes of the same place. A flush, which carries none, meets only other flushes. */
export function meets(one: BioRange, other: BioRange): boolean {
  return (
    one.file === other.file &&
    one.offset < other.offset + Math.max(1, other.length) &&
    other.offset < one.offset + Math.max(1, one.length)
  );
}

/** The bios that completed during one operation. */
export class BioCounter {
  private op: CallId = -1;
  private seen: BioRange[] = [];

  /** A bio completed during the operation. */
  add(op: CallId, { file, offset, length }: BioRange): void {
    if (op !== this.op) {
      this.op = op;
      this.seen = [];
    }
    this.seen.push({ file, offset, length });
  }

  /** How many of them, the last included, meet this range. */
  count(range: BioRange): number {
    let count = 0;
    for (const bio of this.seen) if (meets(bio, range)) count++;
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
      this.deviations.push({ op: call.id, bio: range, nth: this.bios.count(range), status });
    }
    return status;
  }
}
