/** Power is lost in sequences of every kind, also in the midst of calls that overlap and on a device without a cache. */
import test from 'ava';
import { implementation } from '../../impl/index.js';
import { LaneRunner } from './lane.js';
import { PARTS, type Part, TASK_PARTS } from './parts.js';
import { type CampaignShape, makeSequence } from './sequence.js';

function shape(parts: readonly Part[]): CampaignShape {
  return {
    seed: '7',
    fs: 'xfs',
    inject: ['crash', 'error', 'race', 'stale'],
    parts,
    without: [],
    known: [],
    strategy: null,
    crashEvery: 8,
  };
}

const MIXES: readonly (readonly [what: string, parts: readonly Part[], operations: number])[] = [
  ['one task', PARTS.filter(part => part.name.startsWith('tiny')), 800],
  ['several tasks', TASK_PARTS, 500],
  ['a real geometry', PARTS.filter(part => part.name === '4096'), 60],
];

for (const [what, parts, operations] of MIXES)
  test(`power is lost with ${what}, often, and the run goes on`, t => {
    const runner = new LaneRunner(implementation['xfs']!);
    const result = runner.run(shape(parts), 0, operations, 1, { shouldStop: () => false });
    t.deepEqual(result.findings, []);
    const { losses, cuts, within, states, interrupted } = result.crashes;
    t.true(losses > operations / 16, `${losses} losses`);
    t.true(cuts >= losses * 4);
    t.true(within > 0 && states >= cuts && interrupted > 0);
    const again = runner.run(shape(parts), 0, operations, 1, { shouldStop: () => false });
    t.deepEqual(again.crashes, result.crashes);
  });

test('some devices have no volatile cache, and no sequence loses power unless it is asked for', t => {
  const some = Array.from({ length: 64 }, (_, number) => makeSequence(shape(PARTS), 0, number).crashes);
  t.true(some.some(plan => plan?.writeThrough === true));
  t.true(some.some(plan => plan?.writeThrough === false));
  const quiet = { ...shape(PARTS), inject: [] };
  t.true(Array.from({ length: 64 }, (_, number) => makeSequence(quiet, 0, number)).every(it => it.crashes === null));
});
