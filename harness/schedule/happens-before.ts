/**
 * The partial order of the steps of a run, as a hash that grows step by step. Two runs so far that differ only in the order
 * of independent steps have the same hash and are in the same state (Mazurkiewicz 1977; happens-before caching, Musuvathi
 * and Qadeer 2007).
 *
 * The hash of a step is made of who made it and of the last steps before it that it depends on: the last of the same actor,
 * and for each resource it touches the last that touched it. The hash of a run is the sum over its steps, in which order
 * does not matter. Two lanes of 32 bits make it as good as one of 53.
 */

const RESOURCES = 32;

export class HappensBefore {
  /** Hash of the last step of each actor, and of the last that touched each resource; one array a lane. */
  private readonly low = new Map<number, number>();
  private readonly high = new Map<number, number>();
  private readonly lastLow = new Int32Array(RESOURCES);
  private readonly lastHigh = new Int32Array(RESOURCES);
  private sumLow = 0;
  private sumHigh = 0;
  /** Hash of the last step. */
  step = 0;

  reset(): void {
    this.low.clear();
    this.high.clear();
    this.lastLow.fill(0);
    this.lastHigh.fill(0);
    this.sumLow = 0;
    this.sumHigh = 0;
    this.step = 0;
  }

  /** `actor` made a step that touched the resources of `footprint`. */
  add(actor: number, footprint: number): void {
    let low = mix(actor, this.low.get(actor) ?? 0);
    let high = mix(~actor, this.high.get(actor) ?? 0);
    for (let bit = 0; bit < RESOURCES; bit++) {
      if ((footprint & (1 << bit)) === 0) continue;
      low = mix(low + bit, this.lastLow[bit]!);
      high = mix(high - bit, this.lastHigh[bit]!);
    }
    for (let bit = 0; bit < RESOURCES; bit++) {
      if ((footprint & (1 << bit)) === 0) continue;
      this.lastLow[bit] = low;
      this.lastHigh[bit] = high;
    }
    this.low.set(actor, low);
    this.high.set(actor, high);
    this.sumLow = (this.sumLow + low) | 0;
    this.sumHigh = (this.sumHigh + high) | 0;
    this.step = low;
  }

  /** The run so far, together with what else distinguishes it. */
  key(more: number): number {
    return mix(this.sumLow, more) * 2 ** 21 + (mix(this.sumHigh, more) >>> 11);
  }
}

/** Multiplication and shifts as in MurmurHash3. */
function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x2c1b_3c6d, 0x85eb_ca6b) ^ Math.imul(b + 0x1656_67b1, 0xc2b2_ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x27d4_eb2f);
  return h ^ (h >>> 13);
}
