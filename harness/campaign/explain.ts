/**
 * From the findings of a campaign to what its report says of them: each failing sequence runs again with the recorder on,
 * is shrunk, and is written as a trace. All of it with no more shrinking than a person wants to wait for: of many findings
 * that look alike only the first few are shrunk, and none once the user has interrupted. The traces of the others are
 * written as recorded; `iomap-check shrink` takes them.
 */
import { join } from 'node:path';
import { safeName } from '../files/name.js';
import type { Told } from './explain-worker.js';
import { Explainer } from './explainer.js';
import type { Haste } from './haste.js';
import type { LaneFinding } from './lane-result.js';
import type { ViolationReport } from './report.js';
import type { CampaignShape } from './sequence.js';
import { NO_TRACE_FILE, traceFile } from './trace-file.js';

export interface ExplainOptions {
  readonly shape: CampaignShape;
  readonly target: string;
  readonly shard: { readonly index: number; readonly count: number };
  /** Where traces go. */
  readonly out: string;
  readonly haste: () => Haste;
}

/** Findings of one signature that are shrunk. */
const SHRUNK_ALIKE = 3;

/** What the report says of each finding, in their order. */
export async function explainAll(
  findings: readonly LaneFinding[],
  options: ExplainOptions,
): Promise<ViolationReport[]> {
  const { shape, target, haste } = options;
  const explainer = new Explainer({ shape, target });
  const alike = new Map<string, number>();
  const reports: ViolationReport[] = [];
  try {
    for (const [index, found] of findings.entries()) {
      if (found.ended !== undefined || haste() === 'at once') {
        reports.push(untold(found, found.ended ?? 'not recorded'));
        continue;
      }
      const recorded = await explainer.ask({ record: found }, () => haste() === 'at once');
      if (recorded?.kind !== 'told') {
        reports.push(untold(found, recorded === null ? 'not recorded' : 'not repeated'));
        continue;
      }
      const before = alike.get(recorded.signature) ?? 0;
      alike.set(recorded.signature, before + 1);
      const shrinking = before < SHRUNK_ALIKE && haste() === 'none';
      const small = shrinking ? await explainer.ask('shrink', () => haste() !== 'none') : null;
      reports.push(told(found, small?.kind === 'told' ? small : recorded, index, options));
    }
  } finally {
    explainer.end();
  }
  return reports;
}

/** A finding without a trace, and why there is none. */
function untold({ finding, ...place }: LaneFinding, why: string): ViolationReport {
  const { id, message } = finding;
  return { ...where(place), id, message, signature: `${id}/${why}`, ...NO_TRACE_FILE, steps: 0 };
}

function told(found: LaneFinding, trace: Told, index: number, { shape, shard, out }: ExplainOptions): ViolationReport {
  const { id, signature, message, steps, text } = trace;
  // Shards of one campaign may write into one folder.
  const share = shard.count === 1 ? '' : `-shard-${shard.index + 1}-of-${shard.count}`;
  const name = `${id.toLowerCase()}-${safeName(shape.seed)}${share}-${index + 1}.trace`;
  return { ...where(found), id: found.finding.id, message, signature, ...traceFile(join(out, name), text), steps };
}

function where({
  operations,
  lane,
  sequence,
}: Omit<LaneFinding, 'finding'>): Pick<ViolationReport, 'operations' | 'lane' | 'sequence'> {
  return { operations, lane, sequence };
}
