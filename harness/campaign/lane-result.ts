/** What comes of a lane, as plain data, so that it can cross threads. */
import type { Finding } from '../../model/contract/index.js';
import type { Injection } from '../adversaries/categories.js';
import type { CrashCounts } from '../crash/counts.js';

/** What a lane did for one part of its campaign. */
export interface PartResult {
  readonly operations: number;
  readonly sequences: number;
  /** Runs of several tasks: one a sequence, many where all schedules are tried. */
  readonly schedules: number;
  /** States after a crash that were recovered and judged. */
  readonly crashStates: number;
  readonly milliseconds: number;
}

/** What one lane did. */
export interface LaneResult {
  readonly lane: number;
  readonly sequences: number;
  readonly operations: number;
  readonly injections: number;
  readonly byInjection: Readonly<Record<Injection, number>>;
  /** In the order of the shape's parts. */
  readonly parts: readonly PartResult[];
  readonly crashes: CrashCounts;
  readonly events: Float64Array;
  readonly notables: Float64Array;
  readonly operationCounts: Float64Array;
  readonly checks: Readonly<Record<string, number>>;
  /** How often each transition of the statecharts was taken, by name. */
  readonly transitions: Readonly<Record<string, number>>;
  /** Violations that the campaign was told to expect, by id. */
  readonly known: Readonly<Record<string, number>>;
  readonly findings: readonly LaneFinding[];
  /** True when the lane ended before its last sequence because it was told to. */
  readonly stopped: boolean;
}

export interface LaneFinding {
  readonly lane: number;
  readonly sequence: number;
  /** Operations of the lane up to and including the failing one. */
  readonly operations: number;
  readonly finding: Finding;
  /** The worker that ran the sequence hung or ended in it, as would any other that ran it again; then `operations` stops before it. */
  readonly ended?: 'hang' | 'exit';
}
