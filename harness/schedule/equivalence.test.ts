/**
 * Trying one schedule of each equivalence class loses nothing: the outcomes that can be reached (what each call answered,
 * what every file holds in the end) are the same with and without, with fewer schedules.
 */
import test from 'ava';
import { implementation } from '../../impl/index.js';
import {
  type Answer,
  type Call,
  DEFAULT_OPTIONS,
  type Finding,
  type Geometry,
  makeCall,
  type OperationName,
  type TargetConfig,
} from '../../model/contract/index.js';
import { createModel } from '../../model/files/index.js';
import { peekContents } from '../replay/contents.js';
import { quiet } from '../run/adversary.js';
import type { Watcher } from '../run/engine.js';
import { LockHearing } from '../run/judging.js';
import { DepthFirst } from './depth-first.js';
import { Footprint } from './footprint.js';
import { Scheduler } from './scheduler.js';
import { StepTracking } from './tracking.js';

const geometry: Geometry = { blockSize: 16, pageSize: 16, maxFolioSize: 16, sectorSize: 8, deviceBlocks: 128 };
const FILES = 2;
const UNBOUNDED = 1_000_000;

const READS: readonly OperationName[] = ['read', 'mapread'];

/** Hears what the calls answer. */
class Answers implements Watcher {
  readonly list: string[] = [];
  emit(): void {}
  iteration(): void {}
  called(): void {}
  returned(call: Call, answer: Answer): Finding | null {
    const bytes = READS.includes(call.name) ? answer.bytes.subarray(0, answer.count).join(',') : '';
    this.list.push(`${call.id}: ${answer.error} ${answer.count} ${bytes}`);
    return null;
  }
  quiescent(): Finding | null {
    return null;
  }
}

/** Calls that come before the others, one after the other: both files have two blocks, not written back. */
const BEFORE = [0, 1].map(file =>
  makeCall(file + 1, 'write', file, { task: 1, offset: 0, length: 32, data: file + 1 }),
);

function call(id: number, task: number, name: OperationName, file: number, data = 0): Call {
  return makeCall(id, name, file, { task, offset: 4, length: 16, data });
}

interface Explored {
  readonly outcomes: readonly string[];
  /** Schedules that were run to their end, and all that were begun. */
  readonly ended: number;
  readonly begun: number;
}

function explore(calls: readonly Call[], preemptions: number, reduced: boolean): Explored {
  const strategy = new DepthFirst(reduced);
  strategy.draw(preemptions);
  const scheduler = new Scheduler();
  const outcomes = new Set<string>();
  const model = createModel({ fs: 'xfs', geometry, options: DEFAULT_OPTIONS, files: FILES });
  let begun = 0;
  do {
    const answers = new Answers();
    const footprint = new Footprint(answers);
    const config: TargetConfig = {
      fs: 'xfs',
      geometry,
      options: DEFAULT_OPTIONS,
      files: FILES,
      chooser: scheduler,
      sink: new LockHearing(scheduler.judging, footprint),
      recordDevice: false,
      writeThrough: false,
    };
    const target = implementation['xfs']!.create(config);
    model.reset();
    scheduler.begin({ target, oracle: model, watcher: answers, adversary: quiet, scheduled: true });
    for (const before of BEFORE) scheduler.perform(before);
    scheduler.schedule(calls, strategy, null, undefined, new StepTracking(footprint, strategy, target, 16));
    begun++;
    if (scheduler.finding !== null) throw new Error(scheduler.finding.message);
    if (scheduler.abandoned) continue;
    const files = Array.from({ length: FILES }, (_, file) =>
      peekContents(target.view!, target.device!, geometry, file),
    );
    outcomes.add(JSON.stringify([answers.list.sort(), files]));
  } while (strategy.advance());
  return { outcomes: [...outcomes].sort(), ended: begun - strategy.abandoned, begun };
}

function told(all: Explored, some: Explored): string {
  return `${all.begun} schedules; ${some.ended} of ${some.begun} that were begun; ${all.outcomes.length} outcomes`;
}

const PROGRAMS: Readonly<Record<string, readonly Call[]>> = {
  'a write and a read of another file': [call(11, 1, 'write', 0, 5), call(12, 2, 'read', 1)],
  'a write and a read of the same file': [call(11, 1, 'write', 0, 5), call(12, 2, 'read', 0)],
  'writes to two files': [call(11, 1, 'write', 0, 5), call(12, 2, 'write', 1, 6)],
  'a write, a load and its writeback': [
    call(11, 1, 'write', 0, 5),
    call(12, 2, 'mapread', 1),
    makeCall(13, 'writeback', 0, { task: 3, offset: 0, length: 32 }),
  ],
  'stores to two files, looked at in turn': [
    call(11, 1, 'mapwrite', 0, 5),
    call(12, 1, 'mapread', 1),
    call(13, 2, 'mapwrite', 1, 6),
    call(14, 2, 'mapread', 0),
  ],
};

for (const [name, calls] of Object.entries(PROGRAMS))
  test(`${name}: the outcomes are the same`, t => {
    const bound = calls.length > 2 ? 1 : 3;
    const all = explore(calls, bound, false);
    const some = explore(calls, bound, true);
    t.log(told(all, some));
    t.deepEqual(some.outcomes, all.outcomes);
    t.true(some.begun <= all.begun);
    // Calls on one file depend on each other at every step.
    if (new Set(calls.map(({ file }) => file)).size > 1) t.true(some.ended < all.ended);
  });

test('without a bound on preemptions too', t => {
  const calls = [
    makeCall(11, 'stat', 0, { task: 1 }),
    call(12, 1, 'mapread', 0),
    call(13, 2, 'mapwrite', 1, 6),
    call(14, 3, 'seekData', 0),
  ];
  const all = explore(calls, UNBOUNDED, false);
  const some = explore(calls, UNBOUNDED, true);
  t.log(told(all, some));
  t.deepEqual(some.outcomes, all.outcomes);
  t.true(2 * some.begun < all.begun);
});
