/**
 * PCT, probabilistic concurrency testing (Burckhardt et al. 2010): every actor has a random priority, the highest that can
 * go on does, and at d − 1 random steps the actor that runs falls to the lowest priority of all. A bug that needs d ordering
 * constraints among n actors in k steps is found with probability at least 1/(n·k^(d−1)) in a single run. The device and
 * the pool of workers are actors like the tasks; bios complete in order.
 */
import type { Random } from '../../properties/generate/index.js';
import { ACTORS, type Decision, type Strategy } from './strategy.js';

/** Steps that a call is assumed to take, to spread the points of change over a run. */
const STEPS_PER_CALL = 12;

export class PctStrategy implements Strategy {
  private random!: Random;
  private depth = 1;
  private readonly priority = new Int32Array(ACTORS);
  private lowest = 0;
  private step = 0;
  private readonly changes: number[] = [];

  draw(random: Random, depth: number): void {
    this.random = random;
    this.depth = depth;
  }

  begin(calls: number): void {
    const { random, priority, changes } = this;
    for (let i = 0; i < ACTORS; i++) priority[i] = i;
    for (let i = ACTORS - 1; i > 0; i--) {
      const j = random.below(i + 1);
      const kept = priority[i]!;
      priority[i] = priority[j]!;
      priority[j] = kept;
    }
    this.lowest = 0;
    this.step = 0;
    changes.length = 0;
    const steps = Math.max(1, calls * STEPS_PER_CALL);
    for (let i = 1; i < this.depth; i++) changes.push(1 + random.below(steps));
    changes.sort((a, b) => b - a);
  }

  choose(decision: Decision): number {
    const chosen = this.highest(decision);
    this.step++;
    if (this.changes.at(-1) !== this.step) return chosen;
    while (this.changes.at(-1) === this.step) this.changes.pop();
    this.priority[decision.actors[chosen]!] = --this.lowest;
    return this.highest(decision);
  }

  private highest({ count, actors }: Decision): number {
    let best = 0;
    for (let i = 1; i < count; i++) if (this.priority[actors[i]!]! > this.priority[actors[best]!]!) best = i;
    return best;
  }
}
