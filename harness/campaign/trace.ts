/**
 * From a recorded sequence to a trace: the program up to the call that showed the violation, and what the adversary did,
 * by place and meaning.
 */
import { type Call, type Finding, POINT_NAMES } from '../../model/contract/index.js';
import type { Action, DirectiveLine, Trace, TraceHeader, TraceLine } from '../../traces/format/trace.js';
import type { Deviation } from '../adversaries/recording.js';
import type { CrashPoint } from '../crash/crasher.js';
import { BEGINNING, type Action as Deed } from '../run/adversary.js';
import { isCall } from '../run/engine.js';
import { verdictOf } from '../shrink/index.js';
import type { CampaignShape, Sequence } from './sequence.js';

export function traceOf(
  shape: CampaignShape,
  sequence: Sequence,
  ran: Sequence['calls'],
  deviations: readonly Deviation[],
  finding: Finding,
  origin: string,
  crashes: readonly CrashPoint[] = [],
): Trace {
  const { geometry, options, files } = sequence;
  const device = { writeThrough: sequence.crashes?.writeThrough ?? false };
  return composeTrace({ fs: shape.fs, geometry, options, files, device, origin }, ran, deviations, crashes, finding);
}

/** What a trace says of the file system that it is about. */
export interface Scene extends Pick<TraceHeader, 'fs' | 'geometry' | 'options' | 'device' | 'origin'> {
  readonly files: number;
}

/** The calls with what was done at them, and what came of it. */
export function composeTrace(
  { files, ...scene }: Scene,
  ran: readonly Call[],
  deviations: readonly Deviation[],
  crashes: readonly CrashPoint[],
  finding: Finding,
): Trace {
  const lines: TraceLine[] = [];
  const byCall = new Map<number, Deviation[]>();
  for (const deviation of deviations) byCall.set(deviation.op, [...(byCall.get(deviation.op) ?? []), deviation]);
  for (const call of ran) {
    lines.push({ kind: 'operation', call, answer: null });
    for (const deviation of byCall.get(call.id) ?? []) lines.push(directive(deviation));
    for (const { op, nth, survive } of crashes)
      if (op === call.id)
        lines.push({ kind: 'directive', op, point: null, nth, actions: [{ kind: 'crash', survive }] });
  }
  const unjudged: Trace = {
    header: {
      ...scene,
      kernel: 'next',
      files: Array.from({ length: files }, (_, file) => 'abcdefgh'[file]!),
    },
    lines,
    verdict: { kind: 'clean' },
  };
  return { ...unjudged, verdict: verdictOf(finding, unjudged) };
}

/** What happens at a place, as a trace says it. */
function actionOf(deed: Deed): Action {
  if (isCall(deed)) return { kind: 'call', call: deed };
  if ('run' in deed)
    return {
      kind: 'run',
      task: deed.run,
      until: deed.until === null ? null : POINT_NAMES[deed.until]!,
      times: deed.times,
    };
  return { kind: 'io', bio: deed.kind, ...deed.finish };
}

function directive(deviation: Deviation): DirectiveLine {
  const place = { kind: 'directive', op: deviation.op, nth: deviation.nth } as const;
  if ('point' in deviation)
    return {
      ...place,
      point: deviation.point === BEGINNING ? null : POINT_NAMES[deviation.point]!,
      actions: deviation.actions.map(actionOf),
    };
  if ('choice' in deviation)
    return { ...place, point: null, actions: [{ kind: 'choice', label: deviation.choice, answer: deviation.value }] };
  return { ...place, point: null, actions: [{ kind: 'bio', errno: deviation.status, ...deviation.bio }] };
}
