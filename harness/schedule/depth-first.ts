/**
 * Every schedule of a small program in turn, depth first, with a bound on preemptions: a switch away from a task that
 * could have gone on counts, any other is free (few preemptions find most races, and the number of schedules stays
 * polynomial in the length). Each run replays the choices before the one that changes.
 *
 * Schedules that differ only in the order of independent steps are run once: where a run has come to what an earlier one
 * had come to, with the same steps in the same partial order, the same one running and as many preemptions, all that can
 * follow was or will be tried from there, and the run is abandoned. Unlike sleep sets this stays exact under a bound on
 * preemptions, of which two equivalent schedules need not need equally many.
 */
import { HappensBefore } from './happens-before.js';
import { ABANDON, type Decision, type Strategy } from './strategy.js';

export class DepthFirst implements Strategy {
  /** Runs that were abandoned since `draw`. */
  abandoned = 0;
  private readonly chosen: number[] = [];
  private readonly counts: number[] = [];
  private depth = 0;
  private preemptions = 0;
  private bound = 0;
  private readonly past = new HappensBefore();
  private readonly seen = new Set<number>();
  /** The equivalence of schedules is made use of. */
  private readonly reduced: boolean;

  constructor(reduced = true) {
    this.reduced = reduced;
  }

  /** Starts over with the first schedule of another program. */
  draw(bound: number): void {
    this.bound = bound;
    this.chosen.length = 0;
    this.counts.length = 0;
    this.seen.clear();
    this.abandoned = 0;
  }

  begin(): void {
    this.depth = 0;
    this.preemptions = 0;
    this.past.reset();
  }

  stepped(actor: number, footprint: number): number {
    this.past.add(actor, footprint);
    return this.past.step;
  }

  choose({ count, preempts, last }: Decision): number {
    const open = preempts && this.preemptions === this.bound ? 1 : count;
    const at = this.depth++;
    if (at === this.chosen.length) {
      if (this.reduced && this.wasHere(preempts ? last : -1)) {
        this.abandoned++;
        return ABANDON;
      }
      this.chosen.push(0);
      this.counts.push(open);
    }
    const choice = Math.min(this.chosen[at]!, open - 1);
    if (preempts && choice !== 0) this.preemptions++;
    return choice;
  }

  /** Goes on to the next schedule; false when there is none. */
  advance(): boolean {
    const { chosen, counts } = this;
    while (chosen.length > 0) {
      const last = chosen.length - 1;
      if (chosen[last]! + 1 < counts[last]!) {
        chosen[last]!++;
        return true;
      }
      chosen.pop();
      counts.pop();
    }
    return false;
  }

  /** Has a run come here before? `running`: whom leaving alone would be a preemption. */
  private wasHere(running: number): boolean {
    const key = this.past.key(running * 64 + Math.min(this.preemptions, 63));
    if (this.seen.has(key)) return true;
    this.seen.add(key);
    return false;
  }
}
