/**
 * The worker thread that runs failing sequences again, with the recorder on, and shrinks them. It is apart from the main
 * thread so that a signal is heard meanwhile, and from those that run lanes because it is ended when there is no time.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { countSteps, readTrace, type Trace, writeTrace } from '../../traces/format/index.js';
import { Tools } from '../replay/tools.js';
import { shrinkTrace } from '../shrink/index.js';
import { targetFactory } from '../targets/index.js';
import { type ExplainOrder, type ExplainReply, type ExplainStart, failedBy, type Told } from './explain-messages.js';
import { LaneRunner } from './lane.js';
import type { LaneFinding } from './lane-result.js';
import type { CampaignShape } from './sequence.js';
import { traceOf } from './trace.js';

async function serve(port: MessagePort, { shape, target, beats }: ExplainStart): Promise<void> {
  const counter = new Int32Array(beats);
  const beat = (): void => void Atomics.add(counter, 0, 1);
  const factory = await targetFactory(target, shape.fs);
  const runner = new LaneRunner(factory);
  const tools = new Tools();
  let recorded: Trace | null = null;
  const answer = (order: ExplainOrder): ExplainReply => {
    if (order !== 'shrink') recorded = record(order.record, shape, runner);
    else if (recorded !== null) {
      const small = shrinkTrace(recorded, factory, beat, tools);
      if (small === recorded) return { kind: 'passed' };
      recorded = small;
    }
    return recorded === null ? { kind: 'passed' } : tell(recorded);
  };
  port.on('message', (order: ExplainOrder) => {
    try {
      port.postMessage(answer(order));
    } catch (error) {
      port.postMessage(failedBy(error));
    }
  });
}

/** The failing sequence as a trace, as whoever reads its text gets it; null if it passes. */
function record(found: LaneFinding, shape: CampaignShape, runner: LaneRunner): Trace | null {
  const { sequence, ran, deviations, crashes, finding } = runner.record(shape, found.lane, found.sequence);
  if (finding === null) return null;
  const origin = `run --seed ${shape.seed}, lane ${found.lane}, sequence ${found.sequence}`;
  return readTrace(writeTrace(traceOf(shape, sequence, ran, deviations, finding, origin, crashes)), origin);
}

function tell(trace: Trace): Told {
  const { verdict } = trace;
  if (verdict.kind !== 'violation') throw new Error('the trace of a finding says that nothing was found');
  const { id, signature, message } = verdict;
  return { kind: 'told', id, signature, message, steps: countSteps(trace), text: writeTrace(trace) };
}

if (parentPort !== null) await serve(parentPort, workerData as ExplainStart);
