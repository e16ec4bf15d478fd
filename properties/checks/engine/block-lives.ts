/**
 * The life of every block of a file along a chart: the state of each by its number, stepped by the chart's table when an
 * event covers a range of blocks. Open addressing over typed arrays, because nearly every event of a target comes here.
 * Blocks that were never met are in the chart's initial state; after `forget` they may be in any, until an event tells.
 */
import { type ChartTable, REFUSED } from '../../../model/charts/compile.js';
import type { FileId } from '../../../model/contract/index.js';
import type { ChartStepper } from './chart-step.js';

/** The state of a block of which nothing is known. */
export const UNKNOWN = 254;
const EMPTY = -1;

/** The lives of the blocks of all files along one chart. */
export class FileLives {
  readonly #all: BlockLives[] = [];
  readonly #chart: ChartTable;
  readonly #stepper: ChartStepper;

  constructor(chart: ChartTable, stepper: ChartStepper) {
    this.#chart = chart;
    this.#stepper = stepper;
  }

  of(file: FileId): BlockLives {
    while (this.#all.length <= file) this.#all.push(new BlockLives(this.#chart, this.#stepper));
    return this.#all[file]!;
  }

  reset(): void {
    for (const lives of this.#all) lives.reset();
  }
}

export class BlockLives {
  readonly #chart: ChartTable;
  readonly #stepper: ChartStepper;
  /** By event: where all its arrows lead, or UNKNOWN if they lead to several states. */
  readonly #after: Uint8Array;
  #block = new Float64Array(256).fill(EMPTY);
  #state = new Uint8Array(256);
  #count = 0;
  #unmet: number;
  /** The block whose event was refused last, and the state it was in. */
  refused = -1;
  was = 0;

  constructor(chart: ChartTable, stepper: ChartStepper) {
    this.#chart = chart;
    this.#stepper = stepper;
    this.#unmet = chart.initial;
    this.#after = Uint8Array.from(chart.events, (_, event) => {
      const targets = new Set(chart.transitions.filter(arrow => arrow.event === event).map(arrow => arrow.to));
      return targets.size === 1 ? [...targets][0]! : UNKNOWN;
    });
  }

  /** Empty files: all blocks are in the initial state. */
  reset(): void {
    this.#clear(this.#chart.initial);
  }

  /** Something happened that no event tells of. */
  forget(): void {
    this.#clear(UNKNOWN);
  }

  #clear(unmet: number): void {
    if (this.#count > 0) this.#block.fill(EMPTY);
    this.#count = 0;
    this.#unmet = unmet;
  }

  /** The state of a block; UNKNOWN where nothing is known. */
  state(block: number): number {
    const slot = this.#find(block);
    return this.#block[slot] === block ? this.#state[slot]! : this.#unmet;
  }

  /** One event for the blocks [first, end). False if the chart has no such arrow for one of them: `refused` names it. */
  step(first: number, end: number, event: number): boolean {
    let slot = -1;
    for (let block = first; block < end; block++) {
      // Neighbours mostly lie side by side.
      slot = slot >= 0 && this.#block[slot + 1] === block ? slot + 1 : this.#slot(block);
      if (!this.#stepAt(slot, block, event)) return false;
    }
    return true;
  }

  stepOne(block: number, event: number): boolean {
    return this.#stepAt(this.#slot(block), block, event);
  }

  #stepAt(slot: number, block: number, event: number): boolean {
    const was = this.#state[slot]!;
    const next = was === UNKNOWN ? this.#after[event]! : this.#stepper.step(was, event);
    if (next === REFUSED) {
      this.refused = block;
      this.was = was;
      return false;
    }
    this.#state[slot] = next;
    return true;
  }

  /** An observation of a block of which nothing was known. */
  become(block: number, state: number): void {
    const slot = this.#slot(block);
    this.#state[slot] = state;
  }

  /** Visits the blocks of [first, end) that were met, in no order that matters. Where the range is long, this is what there is. */
  eachMet(first: number, end: number, visit: (block: number) => void): void {
    const blocks = this.#block;
    let left = this.#count;
    for (let slot = 0; left > 0; slot++) {
      const block = blocks[slot]!;
      if (block === EMPTY) continue;
      left--;
      if (block >= first && block < end) visit(block);
    }
  }

  /** Met so far. */
  get count(): number {
    return this.#count;
  }

  /** The slot of a block, made in the state of those never met. */
  #slot(block: number): number {
    let slot = this.#find(block);
    if (this.#block[slot] === block) return slot;
    if (2 * ++this.#count > this.#block.length) {
      this.#grow();
      slot = this.#find(block);
    }
    this.#block[slot] = block;
    this.#state[slot] = this.#unmet;
    return slot;
  }

  #find(block: number): number {
    const blocks = this.#block;
    const mask = blocks.length - 1;
    // The rest modulo a power of two, of numbers beyond 32 bits as well; neighbours lie side by side.
    let slot = block & mask;
    while (blocks[slot] !== EMPTY && blocks[slot] !== block) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const { length } = this.#block;
    const blocks = this.#block;
    const states = this.#state;
    this.#block = new Float64Array(2 * length).fill(EMPTY);
    this.#state = new Uint8Array(2 * length);
    for (let i = 0; i < length; i++) {
      if (blocks[i] === EMPTY) continue;
      const slot = this.#find(blocks[i]!);
      this.#block[slot] = blocks[i]!;
      this.#state[slot] = states[i]!;
    }
  }
}
