/** What shards owe together, though none of them owes it alone. */
import test from 'ava';
import { mergeReports } from './merge.js';
import { TASK_PARTS } from './parts.js';
import { dutyDone, makeReport, overdue, type RunReport } from './report.js';
import type { CampaignShape } from './sequence.js';

const RARE = 'a dirty range was answered HOLE';
const OFTEN = 'a reservation was punched';

const shape: CampaignShape = {
  seed: '1',
  fs: 'xfs',
  inject: [],
  parts: TASK_PARTS,
  without: [],
  known: [],
  strategy: null,
};

/** The report of a shard that did so many operations and saw so often what it owes. */
function shard(index: number, operations: number, met: Readonly<Record<string, number>>): RunReport {
  const report = makeReport({
    version: '1',
    target: 'impl',
    shape,
    shard: { index, count: 2 },
    whole: true,
    lanes: [],
    seconds: 1,
    skipped: [],
    known: new Map(),
    violations: [],
    neglected: [],
  });
  const missed = [RARE, OFTEN].filter(name => met[name] === undefined);
  return { ...report, operations, obligations: { met, missed } };
}

test('what is rare is owed by shards that are long enough together', t => {
  const met = { [OFTEN]: 1 };
  const shards = [shard(0, 600_000, met), shard(1, 600_000, met)];
  for (const each of shards) t.true(dutyDone(each));
  t.deepEqual(overdue(mergeReports(shards)), [RARE]);
  const seen = mergeReports([shards[0]!, shard(1, 600_000, { ...met, [RARE]: 1 })]);
  t.true(dutyDone(seen));
});

test('what one shard missed another may have met', t => {
  const shards = [shard(0, 300_000, { [OFTEN]: 2 }), shard(1, 300_000, {})];
  t.deepEqual(overdue(shards[1]!), [OFTEN]);
  t.true(dutyDone(mergeReports(shards)));
});
