/**
 * Tells a strategy that searches exhaustively of every step: who made it and what it touched. Bios get numbers by the step
 * that submitted them, so that a bio has the same number in every run that comes to it by equivalent steps.
 */
import type { Bio, Call, Target } from '../../model/contract/index.js';
import type { Footprint } from './footprint.js';
import { DEVICE, type Strategy, WORKER } from './strategy.js';

/** Tells the bios of one step apart. */
const APART = 0x9e37_79b1;

export class StepTracking {
  private readonly footprint: Footprint;
  private readonly strategy: Strategy;
  private readonly target: Target;
  private readonly blockSize: number;
  private readonly numbers = new Map<Bio, number>();
  private bio: Bio | null = null;

  constructor(footprint: Footprint, strategy: Strategy, target: Target, blockSize: number) {
    this.footprint = footprint;
    this.strategy = strategy;
    this.target = target;
    this.blockSize = blockSize;
  }

  /** A step begins; it is the completion of this bio, or of none. */
  before(bio: Bio | null): void {
    this.bio = bio;
    this.footprint.begin(this.target.device ?? null, this.target.work);
  }

  /** The step is over. `call`: the one it belongs to; null for work and completions. */
  after(actor: number, call: Call | null, first: boolean, last: boolean): void {
    const { footprint, bio, numbers } = this;
    let who = actor;
    if (actor === DEVICE && bio !== null) {
      footprint.ofBio(bio, this.blockSize);
      who = numbers.get(bio) ?? DEVICE;
      numbers.delete(bio);
    } else if (call === null || actor === WORKER) footprint.ofAnything();
    else footprint.ofCall(call, first, last);
    const step = this.strategy.stepped?.(who, footprint.end(bio !== null)) ?? 0;
    const inFlight = this.target.device?.inFlight ?? [];
    for (let i = inFlight.length - 1; i >= 0 && !numbers.has(inFlight[i]!); i--)
      numbers.set(inFlight[i]!, (step + Math.imul(inFlight.length - i, APART)) | 0);
  }
}
