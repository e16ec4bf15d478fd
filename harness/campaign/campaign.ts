/**
 * A campaign from start to report: the canary and the double run, the lanes on their workers, then for each violation the
 * same sequence again with the recorder on, shrunk and written as a trace. Interrupted or not, it ends with a report.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { TargetFactory } from '../../model/contract/index.js';
import { countSteps, writeTrace } from '../../traces/format/index.js';
import { signatureOf } from '../replay/signature.js';
import { shrinkTrace } from '../shrink/index.js';
import { targetFactory } from '../targets/index.js';
import { canaryDies, repeats } from './canary.js';
import { type LaneFinding, LaneRunner } from './lane.js';
import { runPool } from './pool.js';
import { makeReport, type RunReport, type ViolationReport } from './report.js';
import type { CampaignShape } from './sequence.js';
import { traceOf } from './trace.js';

export interface CampaignOptions {
  readonly shape: CampaignShape;
  readonly target: string;
  readonly version: string;
  readonly jobs: number;
  readonly operations: number;
  readonly seconds: number | null;
  readonly shard: { readonly index: number; readonly count: number };
  readonly maxViolations: number;
  /** Ids of known violations with their reasons. */
  readonly known: ReadonlyMap<string, string>;
  readonly out: string;
  readonly progress: (operations: number) => void;
  /** Asked now and then: true once the user wants it to end. */
  readonly interrupted: () => boolean;
}

export interface CampaignOutcome {
  readonly report: RunReport;
  /** What the campaign failed to do itself, as sentences; empty when it did its duty. */
  readonly neglected: readonly string[];
  readonly interrupted: boolean;
}

/** Seconds without a finished sequence after which a worker counts as hung; a sequence takes milliseconds. */
const HANG_SECONDS = 60;

export async function runCampaign(options: CampaignOptions): Promise<CampaignOutcome> {
  const factory = await targetFactory(options.target, options.shape.fs);
  const neglected: string[] = [];
  const started = Date.now();
  const elapsed = (): number => (Date.now() - started) / 1000;
  const pool = await runPool(
    {
      shape: options.shape,
      target: options.target,
      jobs: options.jobs,
      operations: options.operations,
      shard: options.shard,
      maxFindings: options.maxViolations,
      hangAfter: HANG_SECONDS,
      over: () => options.interrupted() || (options.seconds !== null && elapsed() >= options.seconds),
      progress: options.progress,
    },
    () => Date.now() / 1000,
  );
  const seconds = elapsed();
  const violations = pool.findings.map((found, index) => explain(options, factory, found, index));
  // A target that fails at once cannot be asked to be right except for the canary's lie.
  if (violations.length === 0) {
    if (!canaryDies(factory, options.shape))
      neglected.push('the canary, a target that lies about what it read, was not noticed');
    if (!repeats(factory, options.shape)) neglected.push('the same sequences run twice gave different results');
  }
  const report = makeReport({
    version: options.version,
    target: options.target,
    shape: options.shape,
    lanes: pool.lanes,
    seconds,
    skipped: [],
    known: options.known,
    violations,
  });
  return { report, neglected, interrupted: options.interrupted() };
}

/** Runs a failing sequence again with the recorder on, shrinks what was recorded and writes it. */
function explain(options: CampaignOptions, factory: TargetFactory, found: LaneFinding, index: number): ViolationReport {
  const place = { operations: found.operations, lane: found.lane, sequence: found.sequence };
  const bare = { id: found.finding.id, message: found.finding.message, ...place };
  // A sequence that hung would hang again.
  if (found.finding.call === -1 && found.finding.id === 'INV-73')
    return { ...bare, signature: `${found.finding.id}/hang`, trace: null, steps: 0 };
  const { sequence, ran, deviations, crashes, finding } = new LaneRunner(factory).record(
    options.shape,
    found.lane,
    found.sequence,
  );
  if (finding === null)
    throw new Error('the failing sequence passed when it was run again: the target is not deterministic');
  const origin = `run --seed ${options.shape.seed}, lane ${found.lane}, sequence ${found.sequence}`;
  const recorded = traceOf(options.shape, sequence, ran, deviations, finding, origin, crashes);
  const trace = shrinkTrace(recorded, factory);
  mkdirSync(options.out, { recursive: true });
  const path = join(options.out, `${finding.id.toLowerCase()}-${options.shape.seed}-${index + 1}.trace`);
  writeFileSync(path, writeTrace(trace));
  const message = trace.verdict.kind === 'violation' ? trace.verdict.message : finding.message;
  return {
    ...bare,
    message,
    signature: signatureOf(finding, trace),
    trace: relative('.', path),
    steps: countSteps(trace),
  };
}
