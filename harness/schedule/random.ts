/**
 * Uniform random scheduling: now and then, as often as the sequence's temper says, anything that can happen does, each
 * with the same probability; otherwise whoever runs goes on.
 */
import type { Random } from '../../properties/generate/index.js';
import type { Decision, Strategy } from './strategy.js';

export class RandomStrategy implements Strategy {
  private random!: Random;
  private every = 1;

  /** The stream of a sequence; one step in `every` is a free choice. */
  draw(random: Random, every: number): void {
    this.random = random;
    this.every = every;
  }

  begin(): void {}

  keeps(): boolean {
    return this.every > 1 && !this.random.oneIn(this.every);
  }

  choose({ count }: Decision): number {
    return this.random.below(count);
  }
}
