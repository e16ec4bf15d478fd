/** How the block at a position stood just before begin was asked about it, for rules about what begin may do to it. */
import { type IterationRecord, IterStep, OpFlag } from '../../../model/contract/index.js';
import type { World } from './world.js';

const STORING = OpFlag.WRITE | OpFlag.ZERO;

/** Remembers, per iteration in progress, the forks of the block at `pos` when begin was called. */
export class Foreknowledge {
  data = 0;
  cow = 0;
  readonly #serials: number[] = [];
  readonly #states: number[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  reset(): void {
    this.#serials.length = 0;
    this.#states.length = 0;
  }

  /** True when `data` and `cow` now say how the block stood before the begin that just returned. */
  knows(step: IterStep, record: IterationRecord): boolean {
    if ((record.flags & STORING) === 0) return false;
    if (step === IterStep.beginning) {
      const table = this.#world.peek(record.file, Math.floor(record.pos / this.#world.geometry.blockSize), 1);
      this.#serials.push(record.serial);
      this.#states.push(table.data[0]! | (table.cow[0]! << 2));
      return false;
    }
    if (step !== IterStep.begun && step !== IterStep.beginFailed) return false;
    const at = this.#serials.lastIndexOf(record.serial);
    if (at < 0) return false;
    const state = this.#states[at]!;
    this.#serials.splice(at, 1);
    this.#states.splice(at, 1);
    this.data = state & 3;
    this.cow = state >> 2;
    return step === IterStep.begun;
  }
}
