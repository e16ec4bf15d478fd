/**
 * PCT, probabilistic concurrency testing (Burckhardt et al. 2010): every actor has a random priority, the highest that can
 * go on does, and at d − 1 random steps the actor that runs falls to the lowest priority of all. A bug that needs d ordering
 * constraints among n actors in k steps is found with probability at least 1/(n·k^(d−1)) in a single run. The device and
 * the pool of workers are actors like the tasks; bios complete in order. Because k counts so much, a long program is several
 * runs one behind the other, each with priorities of its own.
 */
import type { Random } from '../../properties/generate/index.js';
import { ACTORS, type Decision, type Strategy } from './strategy.js';

/** Choices of a run: those of some thirty calls. */
const CHOICES = 200;

export class PctStrategy implements Strategy {
  private random!: Random;
  private depth = 1;
  private readonly priority = new Int32Array(ACTORS);
  private lowest = 0;
  private choices = 0;
  private readonly changes: number[] = [];

  draw(random: Random, depth: number): void {
    this.random = random;
    this.depth = depth;
  }

  begin(): void {
    this.choices = 0;
  }

  choose(decision: Decision): number {
    if (this.choices % CHOICES === 0) this.beginRun();
    const chosen = this.highest(decision);
    this.choices++;
    if (this.changes.at(-1) !== this.choices) return chosen;
    while (this.changes.at(-1) === this.choices) this.changes.pop();
    this.priority[decision.actors[chosen]!] = --this.lowest;
    return this.highest(decision);
  }

  private beginRun(): void {
    const { random, priority, changes } = this;
    for (let i = 0; i < ACTORS; i++) priority[i] = i;
    for (let i = ACTORS - 1; i > 0; i--) {
      const j = random.below(i + 1);
      const kept = priority[i]!;
      priority[i] = priority[j]!;
      priority[j] = kept;
    }
    this.lowest = 0;
    changes.length = 0;
    for (let i = 1; i < this.depth; i++) changes.push(this.choices + 1 + random.below(CHOICES));
    changes.sort((a, b) => b - a);
  }

  private highest({ count, actors }: Decision): number {
    let best = 0;
    for (let i = 1; i < count; i++) if (this.priority[actors[i]!]! > this.priority[actors[best]!]!) best = i;
    return best;
  }
}
