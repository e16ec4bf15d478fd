/**
 * A target that tells of no locks, only that its calls are atomic: it is judged by a search for serial orders. The
 * implementation with its locks hidden is clean; with a lock taken out the calls that contradict each other are named.
 */
import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { implementation } from '../../impl/index.js';
import type { TargetFactory } from '../../model/contract/index.js';
import { LOCKS_FOLDER } from '../../properties/mutations/interleavings.js';
import { readTrace } from '../../traces/format/index.js';
import { patchIn } from '../bugs/kept.js';
import { loadMutant } from '../bugs/mutant.js';
import { LaneRunner } from '../campaign/lane.js';
import type { LaneResult } from '../campaign/lane-result.js';
import { TASK_PARTS } from '../campaign/parts.js';
import type { CampaignShape } from '../campaign/sequence.js';
import { traceOf } from '../campaign/trace.js';
import { runProgram } from '../replay/program.js';
import { Tools } from '../replay/tools.js';
import { shrinkTrace } from '../shrink/index.js';
import { readsTwice, withoutLocks } from './testing.js';

const shape: CampaignShape = {
  seed: '1',
  fs: 'xfs',
  inject: ['race', 'stale', 'reclaim'],
  parts: TASK_PARTS,
  without: [],
  known: [],
  strategy: null,
};

function run(factory: TargetFactory, operations: number): LaneResult {
  return new LaneRunner(factory).run(shape, 0, operations, 1, { shouldStop: () => false });
}

test('the implementation is clean with its locks hidden', t => {
  const { findings, operations } = run(withoutLocks(implementation['xfs']!), 20_000);
  t.is(findings[0]?.finding.message, undefined);
  t.true(operations >= 20_000);
});

const SETTLED = new URL('../../../traces/corpus/settled/', import.meta.url);

for (const name of readdirSync(SETTLED).sort())
  test(`${name} is clean with the locks hidden`, t => {
    const trace = readTrace(readFileSync(new URL(name, SETTLED), 'utf8'), name);
    t.is(runProgram(trace, withoutLocks(implementation['xfs']!), new Tools())?.message, undefined);
  });

test('reads that take no lock are found, and the calls that cannot be ordered are named', async t => {
  const mutant = await loadMutant(patchIn(LOCKS_FOLDER, 'read-without-inode-lock'));
  const factory = mutant['xfs']!;
  const found = run(withoutLocks(factory), 20_000).findings[0]!;
  t.is(found.finding.id, 'INV-75');
  const liar = withoutLocks(factory);
  const recorded = new LaneRunner(liar).record(shape, 0, found.sequence);
  const { sequence, ran, deviations, finding } = recorded;
  const trace = shrinkTrace(traceOf(shape, sequence, ran, deviations, finding!, 'a test'), liar);
  const { message } = runProgram(trace, liar, new Tools())!;
  t.regex(message, /^file \d: no serial order of these calls explains what they answered, and of any fewer one does: /);
  // A read that saw a part of what one other call did.
  t.is(message.split('; ').length, 2, message);
  t.regex(message, /read #/);
  t.is(runProgram(trace, withoutLocks(implementation['xfs']!), new Tools()), null);
});

test('reads that return what was there at two moments are found', t => {
  const { findings } = run(readsTwice(implementation['xfs']!), 20_000);
  t.regex(findings[0]?.finding.message ?? '', /no serial order of these calls explains what they answered.*: .*read #/);
});
