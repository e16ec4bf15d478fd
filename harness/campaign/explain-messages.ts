/** What the main thread and the worker that explains findings say to each other. */
import type { LaneFinding } from './lane-result.js';
import type { CampaignShape } from './sequence.js';

export interface ExplainStart {
  readonly shape: CampaignShape;
  readonly target: string;
  /** One number, which the worker counts up with every run: that it does says that it is alive. */
  readonly beats: SharedArrayBuffer;
}
/** What the main thread asks: record this finding, or shrink what was recorded last. */
export type ExplainOrder = { readonly record: LaneFinding } | 'shrink';

/** A failing trace, as a report and a file want it. */
export interface Told {
  readonly kind: 'told';
  readonly id: string;
  readonly signature: string;
  readonly message: string;
  readonly steps: number;
  readonly text: string;
}
/**
 * `passed`: the sequence shows nothing when it runs again, so the target is not deterministic; or its trace does not when it is
 * replayed, so the trace does not say all.
 */
export type ExplainReply = Told | { readonly kind: 'passed' } | Failed;

/** The run did not come to its end: not by what the target did wrong in it, but by a fault around it. */
export interface Failed {
  readonly kind: 'failed';
  /** One line. */
  readonly why: string;
  /** Where a fault of the harness was, for whoever mends it; null where there is no such place. */
  readonly stack: string | null;
}

export function failedBy(error: unknown): Failed {
  const stack = error instanceof Error ? (error.stack ?? null) : null;
  return { kind: 'failed', why: String(error).split('\n', 1)[0]!, stack };
}
