import { stripVTControlCharacters } from 'node:util';
import test from 'ava';
import { implementation } from '../../impl/index.js';
import type { TargetFactory } from '../../model/contract/index.js';
import { readTrace, type Trace } from '../../traces/format/index.js';
import { withoutLocks } from '../serial/testing.js';
import { withFault, wrongAfterPunchAndWrite } from '../testing/planted.js';
import { agreeing } from './agreement.js';
import type { ReplayOutcome } from './outcome.js';
import { replayOnModel, replayOnTarget } from './replay.js';
import { replayJson } from './report.js';
import { timeline } from './timeline.js';

const xfs = implementation['xfs'] as TargetFactory;
const faulty = withFault(xfs, wrongAfterPunchAndWrite);

const HEADER =
  '{"format":"iomap-trace","version":1,"geometry":{"blockSize":16,"pageSize":64,"maxFolioSize":256,"sectorSize":16,"deviceBlocks":512}}';
const CLEAN = '{"verdict":"clean"}';
const PROGRAM = [
  '{"op":1,"call":"write","file":"a","offset":0,"length":40,"data":8,"answer":{"length":40}}',
  '{"op":2,"call":"punch","file":"a","offset":16,"length":16,"answer":{}}',
  '{"op":3,"call":"write","file":"a","offset":20,"length":8,"data":9,"answer":{"length":8}}',
  '{"op":4,"call":"read","file":"a","offset":0,"length":64,"answer":{"length":40}}',
];

function trace(...lines: readonly string[]): Trace {
  return readTrace([HEADER, ...lines].join('\n'), 'test.trace');
}

/** On the model, and on the implementation. */
function both(read: Trace): ReplayOutcome[] {
  return [replayOnModel(read, 'test', null), replayOnTarget(read, 'test', 'impl', xfs, null)];
}

test('a trace whose answers are right is clean on the model and on the implementation', t => {
  const read = trace(...PROGRAM, CLEAN);
  for (const outcome of both(read)) {
    t.is(outcome.verdict, 'clean');
    t.is(outcome.answers.length, 4);
    t.deepEqual(outcome.answers.at(-1), { step: 4, expected: { length: 40 }, got: { length: 40 } });
    t.deepEqual(outcome.files['a']?.size, 40);
    t.deepEqual(outcome.files['a']?.seekCold, [{ type: 'data', offset: 0, length: 40 }]);
  }
  const [model, impl] = both(read) as [ReplayOutcome, ReplayOutcome];
  t.deepEqual(agreeing(read, model, impl), impl);
});

const WRONG: readonly (readonly [what: string, lines: readonly string[]])[] = [
  ['count', [PROGRAM[0]!.replace('{"length":40}', '{"length":39}')]],
  ['errno', [PROGRAM[0]!.replace('{"length":40}', '{"errno":"ENOSPC"}')]],
  ['success', ['{"op":1,"call":"seekData","file":"a","offset":0,"answer":{"offset":0}}']],
  [
    'digest',
    [...PROGRAM.slice(0, 3), PROGRAM[3]!.replace('{"length":40}', `{"length":40,"sha256":"${'0'.repeat(64)}"}`)],
  ],
  ['run of bytes', [...PROGRAM.slice(0, 3), PROGRAM[3]!.replace('{"length":40}', '{"length":40,"runs":[[0,40]]}')]],
  [
    'seek map',
    [...PROGRAM, '{"op":5,"call":"seekMap","file":"a","answer":{"map":[{"type":"hole","offset":0,"length":40}]}}'],
  ],
  ['size at the end', [...PROGRAM, '{"expect":"a","size":41}']],
  ['size on the way', [...PROGRAM, '{"expect":"a","after":1,"size":41}']],
  ['cold seek map', [...PROGRAM, '{"expect":"a","seekCold":[{"type":"hole","offset":0,"length":40}]}']],
  ['run of bytes at the end', [...PROGRAM, '{"expect":"a","runs":[[0,40]]}']],
  ['extent', [...PROGRAM, '{"expect":"a","extents":[{"offset":0,"length":16,"type":"data","shared":false}]}']],
];
for (const [what, lines] of WRONG)
  test(`a ${what} that is not the recorded one is told, on both`, t => {
    for (const outcome of both(trace(...lines, CLEAN))) {
      t.is(outcome.verdict, 'expected-answer-missing', outcome.target);
      t.is(outcome.problems.length, 1, JSON.stringify(outcome.problems));
    }
  });

test('what a recorded answer that cannot be leads to is not told again', t => {
  const wrong = PROGRAM[0]!.replace('{"length":40}', '{"length":39}');
  const [model] = both(trace(wrong, ...PROGRAM.slice(1), '{"expect":"a","size":40}', CLEAN));
  t.deepEqual(model?.problems, [{ op: 1, message: 'write #1 on a: recorded 39; permitted 40' }]);
});

test('where data lies only has to be permitted, on both sides: a mapped store dirties a folio, whatever its size', t => {
  const mapped = (extents: string): Trace =>
    trace(
      '{"op":1,"call":"truncate","file":"a","size":200}',
      '{"op":2,"call":"mapwrite","file":"a","offset":64,"length":16,"data":1}',
      `{"op":3,"call":"fiemap","file":"a","offset":0,"length":256,"flags":["FLUSH"],"answer":{"extents":[${extents}]}}`,
      `{"expect":"a","extents":[${extents}]}`,
      CLEAN,
    );
  const data = (offset: number, length: number): string =>
    JSON.stringify({ offset, length, type: 'data', shared: false });
  for (const extents of [data(64, 64), data(0, 128), data(0, 208)])
    for (const { verdict, problems } of both(mapped(extents))) t.is(verdict, 'clean', JSON.stringify(problems));
  for (const { problems } of both(mapped(data(64, 16)))) t.is(problems.length, 2, JSON.stringify(problems));
});

test('after a shutdown a recording must show what was promised, and may show what was not', t => {
  const shutDown = (sync: string, length: number, runs: string): Trace =>
    trace(
      '{"op":1,"call":"write","file":"a","offset":0,"length":40,"data":{"byte":7}}',
      `{"op":2,"call":"${sync}","file":"a"}`,
      '{"op":3,"call":"shutdown"}',
      '{"op":4,"call":"remount"}',
      `{"op":5,"call":"read","file":"a","offset":0,"length":64,"answer":{"length":${length},"runs":${runs}}}`,
      CLEAN,
    );
  for (const { verdict, problems } of both(shutDown('stat', 0, '[]'))) t.is(verdict, 'clean', JSON.stringify(problems));
  for (const { verdict } of both(shutDown('fsync', 40, '[[7,40]]'))) t.is(verdict, 'clean');
  for (const { verdict } of both(shutDown('fsync', 40, '[[8,40]]'))) t.is(verdict, 'expected-answer-missing');
});

const VIOLATION = '{"verdict":"violation","id":"INV-30","signature":"INV-30/read","message":"","op":4}';

test('a violation that shows again is reproduced, another one is not, and none is clean', t => {
  const replayed = (verdict: string, factory: TargetFactory): string =>
    replayOnTarget(trace(...PROGRAM, verdict), 'test', 'impl', factory, null).verdict;
  const outcome = replayOnTarget(trace(...PROGRAM, CLEAN), 'test', 'impl', faulty, null);
  t.is(outcome.verdict, 'other-violation');
  t.is(outcome.finding?.call, 4);
  const own = VIOLATION.replaceAll('INV-30', outcome.finding?.id ?? '');
  t.is(replayed(own, faulty), 'reproduced');
  t.is(replayed(own.replaceAll('/read', '/write'), faulty), 'other-violation');
  t.is(replayed(own, xfs), 'clean');
});

test('what moves blocks begins beside others only where the target tells its order by locks', t => {
  const beside = (action: string) =>
    trace(
      PROGRAM[0]!.replace('"answer":{"length":40}', '"flags":["SYNC"],"task":1'),
      `{"at":{"op":1,"point":"Y-WB1","nth":1},"do":[${action}]}`,
      '{"op":2,"call":"collapse","file":"a","offset":0,"length":16,"task":2}',
      CLEAN,
    );
  for (const action of ['{"run":2}', '{"insert":"a","offset":0,"length":16,"task":2}']) {
    const missed = (factory: TargetFactory) =>
      replayOnTarget(beside(action), 'test', 'impl', factory, null).missed.length;
    t.is(missed(xfs), 0, action);
    t.is(missed(withoutLocks(xfs)), 1, action);
  }
});

test('a directive that is reached disturbs the run, and one that is not is missed', t => {
  const read = trace(
    ...PROGRAM.slice(0, 1),
    '{"at":{"op":1,"point":"Y-BW2"},"do":[{"writeback":"a"},{"complete":"all"},{"reclaim":"a"}]}',
    '{"at":{"op":1,"point":"Y-BW2","nth":99},"do":[{"writeback":"a"}]}',
    CLEAN,
  );
  const { missed, verdict } = replayOnTarget(read, 'test', 'impl', xfs, null);
  t.is(verdict, 'clean');
  t.deepEqual(
    missed.map(({ op, nth }) => [op, nth]),
    [[1, 99]],
  );
});

const MISSED: readonly (readonly [what: string, directive: string])[] = [
  ['a loss of power behind the last event', '{"at":{"op":1,"nth":999},"do":[{"crash":"these","survive":[]}]}'],
  ['a write that survives and is not there', '{"at":{"op":1},"do":[{"crash":"these","survive":[{"carries":"log"}]}]}'],
  ['an answer that a choice does not have', '{"at":{"op":1},"do":[{"value":"mapping-stale","is":99}]}'],
  [
    'a bio that is not in flight',
    '{"at":{"op":1,"point":"Y-BW2"},"do":[{"io":"write","file":"a","offset":0,"length":16}]}',
  ],
  ['a task that there is not', '{"at":{"op":1,"point":"Y-BW2"},"do":[{"run":7}]}'],
];
for (const [what, directive] of MISSED)
  test(`${what} is missed`, t => {
    const outcome = replayOnTarget(trace(PROGRAM[0]!, directive, CLEAN), 'test', 'impl', xfs, null);
    t.is(outcome.verdict, 'clean', JSON.stringify(outcome.finding));
    t.is(outcome.missed.length, 1);
  });

test('with one trace and one target the fields of the report stand at the top too', t => {
  const read = trace(...PROGRAM, CLEAN);
  const [model, impl] = both(read).map(outcome => ({ outcome, trace: read }));
  const one = replayJson([model!]) as Record<string, unknown>;
  t.deepEqual(Object.keys(one), [
    'schema',
    'trace',
    'target',
    'files',
    'answers',
    'missed',
    'problems',
    'known',
    'finding',
    'verdict',
    'traces',
  ]);
  t.deepEqual(Object.keys(replayJson([model!, impl!])), ['schema', 'traces']);
});

test('the same trace replays the same, twice in a row', t => {
  const read = trace(...PROGRAM, CLEAN);
  t.deepEqual(both(read), both(read));
});

test('a timeline shows each operation, what disturbed it and the blocks of the file', t => {
  let text = '';
  const out = { write: (part: string) => (text += part) } as unknown as NodeJS.WritableStream;
  const read = trace(...PROGRAM, '{"at":{"op":3,"point":"Y-BW2"},"do":[{"writeback":"a"}]}', CLEAN);
  replayOnTarget(read, 'test', 'impl', faulty, timeline(read, out));
  const plain = stripVTControlCharacters(text);
  t.regex(plain, /#1 write a 0\+40 data 8 → length 40\n/);
  t.regex(plain, /at Y-BW2: writeback a\n/);
  t.regex(
    plain,
    /a size 40, on disk 0, .*\n +map {4}\[0, 3\) delayed\n +data {3}ddd\. {2}block 0 \(byte 0\)\n +cache {2}DDD-/,
  );
  t.regex(plain, /#4 read a 0\+64 → violation\n/);
});
