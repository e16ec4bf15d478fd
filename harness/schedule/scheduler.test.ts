/** Schedules of several tasks: found, written down, replayed from the trace alone, and the same every time. */
import test from 'ava';
import { implementation } from '../../impl/index.js';
import { fingerprint } from '../campaign/canary.js';
import { LaneRunner } from '../campaign/lane.js';
import { TASK_PARTS } from '../campaign/parts.js';
import { type CampaignShape, STRATEGIES, type StrategyName } from '../campaign/sequence.js';
import { traceOf } from '../campaign/trace.js';
import { runProgram } from '../replay/program.js';
import { signatureOf } from '../replay/signature.js';
import { Tools } from '../replay/tools.js';
import { lyingAfterPreemption } from './testing/lying.js';

const factory = implementation['xfs']!;
const onward = { shouldStop: () => false };

function shape(strategy: StrategyName | null): CampaignShape {
  return {
    seed: 'schedules',
    fs: 'xfs',
    inject: ['race', 'stale', 'reclaim'],
    parts: TASK_PARTS,
    without: [],
    known: [],
    strategy,
  };
}

for (const strategy of STRATEGIES)
  test(`the same seed gives the same schedules with ${strategy}`, t => {
    const digest = (): string => fingerprint(new LaneRunner(factory).run(shape(strategy), 0, 300, 1, onward));
    t.is(digest(), digest());
  });

test('a failure of several tasks replays from its trace alone', t => {
  const liar = lyingAfterPreemption(factory);
  const campaign = shape(null);
  const found = new LaneRunner(liar).run(campaign, 0, 5000, 1, onward).findings[0]!;
  const { sequence, ran, deviations, finding } = new LaneRunner(liar).record(campaign, found.lane, found.sequence);
  t.is(finding?.message, found.finding.message);
  const trace = traceOf(campaign, sequence, ran, deviations, finding!, 'a test');
  const again = runProgram(trace, liar, new Tools());
  t.is(again?.message, finding?.message);
  t.is(signatureOf(again!, trace), signatureOf(finding!, trace));
  t.is(runProgram(trace, factory, new Tools()), null);
});
