/** What an exploration of crash states has seen, and the JSON of `explore --json` made from it. */
import type { TraceFile } from '../campaign/trace-file.js';
import { type CrashCounts, noCounts } from './counts.js';
import type { Exhausted } from './exhaust.js';

export interface CrashViolation extends TraceFile {
  readonly program: string;
  readonly id: string;
  readonly message: string;
  readonly steps: number;
}

export class ExploreTally {
  programs = 0;
  readonly counts: CrashCounts = noCounts();
  /** Cuts by the kind of the event they follow. */
  readonly cutsBy: Map<string, number> = new Map();
  readonly violations: CrashViolation[] = [];

  add({ counts, cutsBy }: Exhausted): void {
    this.programs++;
    for (const key of Object.keys(counts) as (keyof CrashCounts)[]) this.counts[key] += counts[key];
    for (const [kind, n] of cutsBy) this.cutsBy.set(kind, (this.cutsBy.get(kind) ?? 0) + n);
  }
}

export interface ProgramReport {
  readonly name: string;
  readonly parameters: { readonly fs: string; readonly programs: number };
  readonly states: number;
  readonly transitions: number;
  readonly schedules: number;
  readonly bound: null;
  readonly depth: number;
  readonly seconds: number;
  readonly statesPerSecond: number;
  readonly verdict: 'exhausted' | 'bounded' | 'violated';
  readonly steps: number;
  readonly trace: string | null;
  readonly cuts: Readonly<Record<string, number>>;
  readonly counts: CrashCounts;
  readonly violations: readonly CrashViolation[];
}

export interface ExploreReport {
  readonly schema: string;
  readonly scenarios: readonly ProgramReport[];
}

export function crashReport(tally: ExploreTally, fs: string, seconds: number, interrupted: boolean): ExploreReport {
  const { counts, programs, violations } = tally;
  const whole = !interrupted && counts.sampled === 0;
  return {
    schema: 'iomap-check/explore/1',
    scenarios: [
      {
        name: 'crash',
        parameters: { fs, programs },
        states: counts.states,
        transitions: counts.cuts,
        schedules: programs,
        bound: null,
        depth: 0,
        seconds: Math.round(seconds * 1000) / 1000,
        statesPerSecond: seconds > 0 ? Math.round(counts.states / seconds) : 0,
        verdict: violations.length > 0 ? 'violated' : whole ? 'exhausted' : 'bounded',
        steps: violations[0]?.steps ?? 0,
        trace: violations[0]?.trace ?? null,
        cuts: Object.fromEntries(tally.cutsBy),
        counts,
        violations,
      },
    ],
  };
}
