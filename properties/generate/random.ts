/**
 * Seeded random numbers. One seed decides everything: each use has a stream of its own, named by what it is for, so that
 * drawing more for one thing never changes another. The generator is seedrandom's alea, the fastest of those that give
 * the same bits on every machine.
 */
import seedrandom from 'seedrandom';

export class Random {
  private readonly next32: () => number;

  /** The stream of this name; names are paths such as `"7/0/12/program"`. */
  constructor(name: string) {
    const source = seedrandom.alea(name);
    this.next32 = () => source.int32() >>> 0;
  }

  /** 0 … 2^32 − 1. */
  word(): number {
    return this.next32();
  }

  /** 0 … n−1; n at most 2^32. */
  below(n: number): number {
    return this.next32() % n;
  }

  /** True once in n. */
  oneIn(n: number): boolean {
    return this.next32() % n === 0;
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.next32() % list.length]!;
  }
}
