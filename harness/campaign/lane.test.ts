import test from 'ava';
import { implementation } from '../../impl/index.js';
import { LaneRunner } from './lane.js';
import { PARTS, TASK_PARTS } from './parts.js';
import type { CampaignShape } from './sequence.js';

const SEQUENCES = 40;

const xfs = implementation['xfs']!;

const shape: CampaignShape = {
  seed: 'alone or after others',
  fs: 'xfs',
  inject: ['crash', 'race', 'stale', 'error', 'reclaim'],
  parts: [...PARTS, ...TASK_PARTS],
  without: [],
  known: [],
  strategy: null,
};

test('a sequence does the same alone as after others, whatever their geometries and schedules were', t => {
  const used = new LaneRunner(xfs);
  const parts = new Set<string>();
  for (let number = 0; number < SEQUENCES; number++) {
    const after = used.record(shape, 0, number);
    const alone = new LaneRunner(xfs).record(shape, 0, number);
    parts.add(after.sequence.part.name);
    t.deepEqual(
      [after.ran, after.deviations, after.crashes, after.finding],
      [alone.ran, alone.deviations, alone.crashes, alone.finding],
      `sequence ${number}`,
    );
  }
  t.true(parts.size > 4, 'several geometries');
});
