/**
 * Notices an operation that is starved inside a single step (INV-73, MAP-66): its mapping is found stale for ever, although
 * nobody else works. Nothing but an exception ends such a loop, because it yields nowhere; whoever guards the step makes a
 * finding of it. An adversary may make a mapping stale any finite number of times; none does it this often.
 */
import { type Bytes, type IterationRecord, IterStep } from '../../model/contract/index.js';

/** Begins in a row of one iteration, at one position. */
const MOST_BEGINS = 2_000;

/** Thrown through the target. */
export class EndlessBegins extends Error {
  readonly pos: Bytes;
  readonly times: number;

  constructor(pos: Bytes, times: number) {
    super(`an iteration began ${times} times at ${pos}`);
    this.pos = pos;
    this.times = times;
  }
}

export class Patience {
  private serial = -1;
  private pos: Bytes = -1;
  private times = 0;

  /** A step of an iteration. Throws when there have been too many begins. */
  hear(step: IterStep, { serial, pos }: IterationRecord): void {
    if (step !== IterStep.beginning) return;
    if (serial !== this.serial || pos !== this.pos) {
      this.serial = serial;
      this.pos = pos;
      this.times = 0;
    } else if (++this.times >= MOST_BEGINS) throw new EndlessBegins(pos, this.times);
  }
}
