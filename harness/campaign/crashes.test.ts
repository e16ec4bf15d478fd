/** Power is lost in sequences of every kind, also in the midst of calls that overlap and on a device without a cache. */

import { createHash } from 'node:crypto';
import test from 'ava';
import { implementation } from '../../impl/index.js';
import { type TargetFactory, uneventful } from '../../model/contract/index.js';
import { readTrace, writeTrace } from '../../traces/format/index.js';
import { runProgram } from '../replay/program.js';
import { Tools } from '../replay/tools.js';
import { LaneRunner } from './lane.js';
import { PARTS, type Part, TASK_PARTS } from './parts.js';
import { type CampaignShape, makeSequence } from './sequence.js';
import { traceOf } from './trace.js';

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

/** The file system with its images after each loss of power after which a run goes on. */
function watched(images: string[]): TargetFactory {
  const xfs = implementation['xfs']!;
  return {
    name: 'xfs',
    create: config => xfs.create(config),
    mount(config, image, looked) {
      // What is mounted only to be judged has no chooser of its own.
      if (config.chooser !== uneventful) images.push(createHash('sha256').update(image).digest('hex'));
      return xfs.mount!(config, image, looked);
    },
  };
}

for (const [what, parts] of MIXES.slice(0, 2))
  test(`a trace of ${what} loses power where the run did, and the same survives`, t => {
    const images: string[] = [];
    const factory = watched(images);
    const runner = new LaneRunner(factory);
    const tools = new Tools();
    let losses = 0;
    for (let number = 0; number < 12; number++) {
      images.length = 0;
      const { sequence, ran, deviations, crashes, finding } = runner.record(shape(parts), 0, number);
      t.is(finding, null);
      const first = images.splice(0);
      losses += first.length;
      const nothing = { id: 'INV-60', message: 'a test', file: 0, offset: 0, length: 0, call: -1 };
      const trace = writeTrace(traceOf(shape(parts), sequence, ran, deviations, nothing, '', crashes));
      t.is(runProgram(readTrace(trace, 'test.trace'), factory, tools), null);
      t.deepEqual(images, first, `sequence ${number}`);
    }
    t.true(losses > 12, `${losses} losses`);
  });
