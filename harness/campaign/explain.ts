/**
 * From the findings of a campaign to what its report says of them: each failing sequence runs again with the recorder on,
 * is shrunk, and is written as a trace. All of it with no more shrinking than a person wants to wait for: of many findings
 * that look alike only the first few are shrunk, and none once the user has interrupted. The traces of the others are
 * written as recorded; `iomap-check shrink` takes them. A fault on the way costs a finding its trace, or its small one,
 * and nothing else.
 */
import { join } from 'node:path';
import { safeName } from '../files/name.js';
import type { Failed, Told } from './explain-messages.js';
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
  /** Seconds of processor time after which one run counts as hung. */
  readonly hangAfter: number;
}

/** Findings of one signature that are shrunk. */
const SHRUNK_ALIKE = 3;

export interface Explained {
  /** What the report says of each finding, in their order. */
  readonly violations: readonly ViolationReport[];
  /** Where faults of the harness were that came in the way. */
  readonly faults: readonly string[];
}

/** `explainer` is ended with the last of the findings. */
export async function explainAll(
  findings: readonly LaneFinding[],
  options: ExplainOptions,
  explainer: Pick<Explainer, 'ask' | 'end'> = new Explainer(options),
): Promise<Explained> {
  const { haste } = options;
  const alike = new Map<string, number>();
  const violations: ViolationReport[] = [];
  const faults: string[] = [];
  const failed = ({ why, stack }: Failed): string => {
    if (stack !== null) faults.push(stack);
    return why;
  };
  try {
    for (const [index, found] of findings.entries()) {
      if (found.ended !== undefined) {
        violations.push(untold(found, found.ended, ENDED[found.ended]));
        continue;
      }
      const recorded =
        haste() === 'at once' ? null : await explainer.ask({ record: found }, () => haste() === 'at once');
      if (recorded === null)
        violations.push(
          untold(found, 'not recorded', 'there is no trace: the campaign was ended before one was recorded'),
        );
      else if (recorded.kind === 'passed')
        violations.push(untold(found, 'not repeated', 'it passed when it ran again: the target is not deterministic'));
      else if (recorded.kind === 'failed')
        violations.push(untold(found, 'not recorded', `there is no trace: recording it failed: ${failed(recorded)}`));
      else {
        const before = alike.get(recorded.signature) ?? 0;
        alike.set(recorded.signature, before + 1);
        const shrinking = before < SHRUNK_ALIKE && haste() === 'none';
        const small = shrinking ? await explainer.ask('shrink', () => haste() !== 'none') : null;
        if (small?.kind === 'told') violations.push({ ...told(found, small, index, options), note: null });
        else {
          let why = before < SHRUNK_ALIKE ? 'the campaign was ended' : `${SHRUNK_ALIKE} like it were shrunk`;
          if (small?.kind === 'failed') why = `shrinking it failed: ${failed(small)}`;
          if (small?.kind === 'passed') why = 'the trace passes when it is replayed';
          violations.push({ ...told(found, recorded, index, options), note: `as recorded, because ${why}` });
        }
      }
    }
  } finally {
    explainer.end();
  }
  return { violations, faults };
}

const ENDED: Readonly<Record<NonNullable<LaneFinding['ended']>, string>> = {
  hang: 'there is no trace: what runs it does not come back',
  exit: 'there is no trace: the thread that runs it ends in the midst of it',
};

/** A finding without a trace, and why there is none. */
function untold({ finding, ...place }: LaneFinding, short: string, note: string): ViolationReport {
  const { id, message } = finding;
  return { ...where(place), id, message, signature: `${id}/${short}`, ...NO_TRACE_FILE, steps: 0, note };
}

function told(
  found: LaneFinding,
  trace: Told,
  index: number,
  { shape, shard, out }: ExplainOptions,
): Omit<ViolationReport, 'note'> {
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
