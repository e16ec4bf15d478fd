/**
 * A campaign from start to report: the lanes on their workers, then for each violation the same sequence again with the
 * recorder on, shrunk and written as a trace; or, if there is none, the canary and the double run. Interrupted or not, it
 * ends with a report.
 */
import { targetFactory } from '../targets/index.js';
import { failings } from './canary.js';
import { explainAll } from './explain.js';
import type { Haste } from './haste.js';
import { runPool } from './pool.js';
import { makeReport, type RunReport } from './report.js';
import type { CampaignShape } from './sequence.js';

export interface CampaignOptions {
  readonly shape: CampaignShape;
  readonly target: string;
  readonly version: string;
  readonly jobs: number;
  readonly operations: number;
  readonly seconds: number | null;
  readonly shard: { readonly index: number; readonly count: number };
  /** It is over all our geometries. */
  readonly whole: boolean;
  readonly maxViolations: number;
  /** Ids of known violations with their reasons. */
  readonly known: ReadonlyMap<string, string>;
  readonly out: string;
  readonly progress: (operations: number) => void;
  /** Asked now and then: how soon the user wants it to end. */
  readonly haste: () => Haste;
}

export interface CampaignOutcome {
  readonly report: RunReport;
  readonly interrupted: boolean;
  /** Operations of the campaign that repeats this one, findings and all; 0 if it came nowhere. */
  readonly repeat: number;
  /** Faults of the harness that came in the way of telling what was found, each with where it was. */
  readonly faults: readonly string[];
  /** What this machine lacked for it, as a sentence; null if nothing. */
  readonly lacking: string | null;
}

/** Seconds of processor time after which one sequence counts as hung, in the campaign or run again; it takes milliseconds. */
const HANG_SECONDS = 60;

export async function runCampaign(options: CampaignOptions): Promise<CampaignOutcome> {
  const factory = await targetFactory(options.target, options.shape.fs);
  const started = Date.now();
  const elapsed = (): number => (Date.now() - started) / 1000;
  const pool = await runPool({
    shape: options.shape,
    target: options.target,
    jobs: options.jobs,
    operations: options.operations,
    shard: options.shard,
    maxFindings: options.maxViolations,
    hangAfter: HANG_SECONDS,
    haste: () => {
      const haste = options.haste();
      return haste === 'none' && options.seconds !== null && elapsed() >= options.seconds ? 'soon' : haste;
    },
    progress: options.progress,
  });
  const seconds = elapsed();
  const { violations, faults } = await explainAll(pool.findings, { ...options, hangAfter: HANG_SECONDS });
  // A target that fails at once cannot be asked to be right except for the canary's lie.
  const asked = violations.length === 0 && pool.lacking === null && options.haste() === 'none';
  const neglected = asked ? await failings(factory, options.shape, options.haste) : [];
  const report = makeReport({
    version: options.version,
    target: options.target,
    shape: options.shape,
    shard: options.shard,
    whole: options.whole,
    lanes: pool.lanes,
    seconds,
    skipped: [],
    known: options.known,
    violations,
    neglected,
  });
  return {
    report,
    interrupted: options.haste() !== 'none',
    repeat: Math.max(report.operations, pool.reach),
    faults,
    lacking: pool.lacking,
  };
}
