/**
 * What a rule about a kernel's tracepoint text is. Each rule has a file of its own and an entry in `rules/index.ts`.
 *
 * A rule is told the events of the kinds it names, in order, and says of each place where it applies that it held, that
 * it was broken, or that this recording cannot decide it. It must be silent where the text cannot tell: a rule that might
 * be wrong is not a rule.
 */

import type { RuleId } from '../../model/contract/checks.js';
import type { KernelEvent, KernelEventKind, KernelEventOf, MarkerEvent } from '../../model/contract/kernel-event.js';
import type { KernelWorld } from './world.js';

/** Where a rule says what it found. Returns nothing, so that a verdict can end the function that reaches it. */
export interface Judge {
  /** The rule applied and was kept. */
  held(): undefined;
  /** The rule applied, and the text does not say enough. */
  undecided(): undefined;
  /** The rule was broken at `event`. `related` are the earlier events that show it. */
  broken(event: KernelEvent, message: string, ...related: (KernelEvent | null | undefined)[]): undefined;
}

/** A rule at work on one recording. */
export type KernelWatch = {
  readonly [K in KernelEventKind]?: (event: KernelEventOf<K>) => undefined;
} & {
  /** All that the steps before this marker called for has returned (markers `step N` and `end`). */
  readonly atBarrier?: (event: MarkerEvent) => undefined;
  /** The text is over. */
  readonly atEnd?: () => undefined;
};

export interface KernelRule {
  readonly id: RuleId;
  /** What must hold, as a sentence. */
  readonly sentence: string;
  /** The rules of the specification it comes from. */
  readonly sources: readonly string[];
  /** When it counts as exercised. */
  readonly exercised: string;
  /** How many lines a violation takes at least. */
  readonly lines: number;
  watch(world: KernelWorld, judge: Judge): KernelWatch;
}
