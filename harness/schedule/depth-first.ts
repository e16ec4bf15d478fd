/**
 * Every schedule of a small program in turn, depth first, with a bound on preemptions: a switch away from a task that
 * could have gone on counts, any other is free (few preemptions find most races, and the number of schedules stays
 * polynomial in the length). Each run replays the choices before the one that changes. Equivalent schedules are not told
 * apart.
 */
import type { Decision, Strategy } from './strategy.js';

export class DepthFirst implements Strategy {
  private readonly chosen: number[] = [];
  private readonly counts: number[] = [];
  private depth = 0;
  private preemptions = 0;
  private bound = 0;

  /** Starts over with the first schedule of another program. */
  draw(bound: number): void {
    this.bound = bound;
    this.chosen.length = 0;
    this.counts.length = 0;
  }

  begin(): void {
    this.depth = 0;
    this.preemptions = 0;
  }

  choose({ count, preempts }: Decision): number {
    const open = preempts && this.preemptions === this.bound ? 1 : count;
    const at = this.depth++;
    if (at === this.chosen.length) {
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
}
