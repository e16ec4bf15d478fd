import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { implementation } from '../../impl/index.js';
import type { TargetFactory } from '../../model/contract/index.js';
import { recordingTest } from '../testing/recordings.js';
import { agreeing } from './agreement.js';
import { loadTrace } from './load.js';
import { replayOnModel, replayOnTarget } from './replay.js';
import { outcomeLines } from './report.js';

const LOGS = [
  'ext4-4k-1000',
  'xfs-1k-1000',
  'xfs-1k-dio512-1000',
  'xfs-4k-100',
  'xfs-4k-1000',
  'xfs-4k-10000',
  'xfs-4k-dio4096-1000',
  'xfs-4k-pollute-small-1000',
];
const CASES = [
  'clone-and-dedupe-one-file',
  'clone-past-the-end',
  'collapse-corners-synced',
  'cow-buffered-edges',
  'insert-corners-synced',
  'keep-size-then-truncate',
  'mapped-read-past-the-end',
  'no-stale-data-after-shutdown',
  'range-writeback-then-shutdown',
  'mmap-against-truncate',
  'punch-corners-small-blocks',
  'punch-corners-synced',
  'punch-keeps-size',
  'seek-bounds',
  'seek-layouts',
  'zero-block-boundaries',
  'zero-corners-synced',
];

function agrees(t: ExecutionContext, path: string): void {
  const { trace, name } = loadTrace(path);
  const model = replayOnModel(trace, name, null);
  const xfs = implementation['xfs'] as TargetFactory;
  const impl = agreeing(trace, model, replayOnTarget(trace, name, 'impl', xfs, null));
  for (const outcome of [model, impl]) {
    t.is(outcome.verdict, 'clean', outcomeLines(outcome).join('\n'));
    // The places of what is settled may be gone with the fault: what counts is that nothing is found.
    if (!path.includes('/settled/')) t.deepEqual(outcome.missed, []);
  }
}

for (const log of LOGS)
  recordingTest(`fsx-ops/${log}.fsxops`, `the log ${log} agrees with model and implementation`, agrees);
for (const name of CASES)
  recordingTest(`fstests-cases/${name}.json`, `the case ${name} agrees with model and implementation`, agrees);

const corpus = fileURLToPath(new URL('../../../traces/corpus/', import.meta.url));
const recordings = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter(name =>
  /\.trace$|\.fsxops(\.gz)?$|^cases\/.*\.json/.test(name),
);

for (const name of recordings.sort())
  test(`${name} of the corpus agrees with model and implementation`, t => agrees(t, `${corpus}${name}`));

test('a known gap of the reference is told as such where it is, and nowhere else (docs/known-gaps.md)', t => {
  const { trace, name } = loadTrace(`${corpus}gaps/seek-data-at-the-end-of-unwritten-space.json`);
  const { verdict, problems, known } = replayOnModel(trace, name, null);
  t.deepEqual({ verdict, problems }, { verdict: 'clean', problems: [] });
  const gap = 'known gap SEEK-DATA-END: SEEK_DATA answered 54272, where a hole begins';
  t.deepEqual(known, [{ op: 3, message: gap }]);
  const elsewhere = trace.lines.map(line =>
    line.kind === 'seekMap'
      ? {
          ...line,
          answer: { map: line.answer!.map!.map(it => ({ ...it, offset: it.offset === 54272 ? 40960 : it.offset })) },
        }
      : line,
  );
  t.is(replayOnModel({ ...trace, lines: elsewhere }, name, null).verdict, 'expected-answer-missing');
});

test('what a truncate cut off may not show again after a crash: a recording that shows it is told as the known gap R-23', t => {
  const { trace, name } = loadTrace(`${corpus}gaps/old-tail-after-a-direct-growth.json`);
  const gap = 'known gap R-23: after the crash shows again what truncate #2 cut off, up to 8192';
  const xfs = implementation['xfs'] as TargetFactory;
  const model = replayOnModel(trace, name, null);
  const impl = agreeing(trace, model, replayOnTarget(trace, name, 'impl', xfs, null));
  for (const { verdict, problems, known } of [model, impl])
    t.deepEqual({ verdict, problems, known }, { verdict: 'clean', problems: [], known: [{ op: 5, message: gap }] });
  // In the next block, or with a value that never was there, it is something else.
  for (const runs of [
    [[5, 8192 + 256] as const, [12, 256] as const],
    [[5, 5001] as const, [6, 3191] as const, [12, 512] as const],
  ]) {
    const { sha256: _, ...other } = { length: 8704, runs, sha256: '' };
    const lines = trace.lines.map(line =>
      line.kind === 'operation' && line.call.name === 'read' ? { ...line, answer: other } : line,
    );
    t.is(replayOnModel({ ...trace, lines }, name, null).verdict, 'expected-answer-missing');
  }
});

test('what the end of sharing brings back from another file is not permitted (SHARING-END), and no target of ours shows it', t => {
  const { trace, name } = loadTrace(`${corpus}gaps/end-of-sharing-not-durable.json`);
  const { verdict, problems } = replayOnModel(trace, name, null);
  t.is(verdict, 'expected-answer-missing');
  t.regex(problems[0]!.message, /^sync #3 returned 0 .* byte 0 of b shows 9 .* which this file never held/);
  // Its own answers, whatever they are, are permitted: nothing is found.
  const unasked = trace.lines.map(line => (line.kind === 'operation' ? { ...line, answer: null } : line));
  const lines = unasked.filter(({ kind }) => kind !== 'expectation');
  const impl = replayOnTarget({ ...trace, lines }, name, 'impl', implementation['xfs'] as TargetFactory, null);
  t.deepEqual({ verdict: impl.verdict, problems: impl.problems }, { verdict: 'clean', problems: [] });
});
