/**
 * From the findings of a campaign to what its report says of them: each failing sequence runs again with the recorder on,
 * is shrunk, and is written as a trace. All of it with one runner and one set of tools, and with no more shrinking than a
 * person wants to wait for: of many findings that look alike only the first few are shrunk, and none once the user has
 * interrupted. The traces of the others are written as recorded; `iomap-check shrink` takes them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { TargetFactory } from '../../model/contract/index.js';
import { countSteps, type Trace, writeTrace } from '../../traces/format/index.js';
import { Tools } from '../replay/tools.js';
import { shrinkTrace } from '../shrink/index.js';
import { type LaneFinding, LaneRunner } from './lane.js';
import type { ViolationReport } from './report.js';
import type { CampaignShape } from './sequence.js';
import { traceOf } from './trace.js';

export interface ExplainOptions {
  readonly shape: CampaignShape;
  /** Where traces go. */
  readonly out: string;
  readonly interrupted: () => boolean;
}

/** Findings of one signature that are shrunk. */
const SHRUNK_ALIKE = 3;

/** What the report says of each finding, in their order. */
export async function explainAll(
  findings: readonly LaneFinding[],
  options: ExplainOptions,
  factory: TargetFactory,
): Promise<ViolationReport[]> {
  const runner = new LaneRunner(factory);
  const tools = new Tools();
  const alike = new Map<string, number>();
  const reports: ViolationReport[] = [];
  for (const [index, found] of findings.entries()) {
    // A signal is heard only between two turns of the event loop.
    await setImmediate();
    const recorded = record(found, options, runner);
    if (typeof recorded === 'string') {
      reports.push({ ...bare(found), signature: `${found.finding.id}/${recorded}`, trace: null, steps: 0 });
      continue;
    }
    const signature = recorded.verdict.kind === 'violation' ? recorded.verdict.signature : '';
    const before = alike.get(signature) ?? 0;
    alike.set(signature, before + 1);
    const shrinking = before < SHRUNK_ALIKE && !options.interrupted();
    const trace = shrinking ? shrinkTrace(recorded, factory, undefined, tools) : recorded;
    reports.push(written(found, trace, index, options));
  }
  return reports;
}

function bare({
  finding,
  operations,
  lane,
  sequence,
}: LaneFinding): Omit<ViolationReport, 'signature' | 'trace' | 'steps'> {
  return { id: finding.id, message: finding.message, operations, lane, sequence };
}

/**
 * The failing sequence as a trace, or why there is none: one that hung would hang again, and one that passes when it runs
 * again shows that the target is not deterministic.
 */
function record(found: LaneFinding, { shape }: ExplainOptions, runner: LaneRunner): Trace | 'hang' | 'not repeated' {
  if (found.finding.call === -1 && found.finding.id === 'INV-73') return 'hang';
  const { sequence, ran, deviations, crashes, finding } = runner.record(shape, found.lane, found.sequence);
  if (finding === null) return 'not repeated';
  const origin = `run --seed ${shape.seed}, lane ${found.lane}, sequence ${found.sequence}`;
  return traceOf(shape, sequence, ran, deviations, finding, origin, crashes);
}

function written(found: LaneFinding, trace: Trace, index: number, { shape, out }: ExplainOptions): ViolationReport {
  const { verdict } = trace;
  if (verdict.kind !== 'violation') throw new Error('the trace of a finding says that nothing was found');
  mkdirSync(out, { recursive: true });
  const path = join(out, `${verdict.id.toLowerCase()}-${shape.seed}-${index + 1}.trace`);
  writeFileSync(path, writeTrace(trace));
  return {
    ...bare(found),
    message: verdict.message,
    signature: verdict.signature,
    trace: relative('.', path),
    steps: countSteps(trace),
  };
}
