import { spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';

const main = fileURLToPath(new URL('main.js', import.meta.url));
const corpus = fileURLToPath(new URL('../../../traces/corpus/', import.meta.url));
const TRACE = join(corpus, 'stale-mapping.trace');

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function run(...args: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

function folder(t: ExecutionContext): string {
  const path = mkdtempSync(join(tmpdir(), 'traces-'));
  t.teardown(() => rmSync(path, { recursive: true }));
  return path;
}

const BAD: readonly (readonly [what: string, spoil: (text: string) => string, message: RegExp])[] = [
  [
    'an unknown version',
    text => text.replace('"version":1', '"version":2'),
    /^iomap-check: .*\/bad:1: expected a version up to 1, got version 2\n$/,
  ],
  ['a cut line', text => text.slice(0, 500), /^iomap-check: .*\/bad:\d: expected a JSON object on one line, got .*\n$/],
  [
    'an unknown operation',
    text => text.replace('"falloc"', '"frobnicate"'),
    /^iomap-check: .*\/bad:2: expected call to be the name of an operation, got "frobnicate"\n$/,
  ],
  [
    'a negative length',
    text => text.replace('"length":8', '"length":-8'),
    /^iomap-check: .*\/bad:4: expected length to be a whole number of at least 0 .*, got -8\n$/,
  ],
  [
    'no verdict',
    text => text.replace(/.*\n$/, ''),
    /^iomap-check: .*\/bad:6: expected a verdict as the last line, got the end of the file\n$/,
  ],
  [
    'a verdict by no rule',
    text =>
      text.replace(
        '{"verdict":"clean"}',
        '{"verdict":"violation","id":"INV-999","signature":"INV-999/read","message":"","op":-1}',
      ),
    /^iomap-check: .*\/bad:7: expected id to be the id of a rule, got "INV-999"\n$/,
  ],
];
for (const [what, spoil, message] of BAD)
  test(`a trace with ${what} is a one-line error with exit status 2`, t => {
    const path = join(folder(t), 'bad');
    writeFileSync(path, spoil(readFileSync(TRACE, 'utf8')));
    const { status, out, err } = run('replay', path);
    t.is(status, 2);
    t.is(out, '');
    t.regex(err, message);
  });

test('a trace of a target that threw is read, though no rule was broken', t => {
  const path = join(folder(t), 'assert.trace');
  const verdict = '{"verdict":"violation","id":"ASSERT","signature":"ASSERT/write","message":"","op":-1}';
  writeFileSync(path, readFileSync(TRACE, 'utf8').replace('{"verdict":"clean"}', verdict));
  const { status, out } = run('replay', path);
  t.is(status, 0);
  t.regex(out, /recorded ASSERT did not show again/);
});

test('what replay is given is told apart by content, not by name', t => {
  const path = join(folder(t), 'something.fsxops');
  copyFileSync(join(corpus, 'cases', 'seek-bounds.json'), path);
  const { status, out } = run('replay', '--target', 'model', path);
  t.is(status, 0);
  t.regex(out, /something\.fsxops on model: clean, 23 operations, 23 recorded answers/);
});

test('a log without its .json takes what it needs from the command line, or says what is missing', t => {
  const path = join(folder(t), 'lonely.fsxops');
  copyFileSync(join(corpus, 'fsx', 'xfs-4k-100.fsxops'), path);
  const bare = run('replay', path);
  t.is(bare.status, 2);
  t.regex(bare.err, /^iomap-check: .*lonely\.fsxops: expected the \.json .* the seed of the fill is missing\n$/);
  const told = run(
    'replay',
    path,
    '--target',
    'model',
    '--fsx-seed',
    '101',
    '--fsx-max-len',
    '262144',
    '--block-size',
    '4096',
  );
  t.is(told.status, 0, told.err);
});

test('the report of one trace on one target has its fields at the top, with digest, extents and seek maps', t => {
  const json = join(folder(t), 'report.json');
  const log = join(corpus, 'fsx', 'xfs-4k-100.fsxops');
  t.is(run('replay', '--target', 'impl', '--json', json, log).status, 0);
  const report = JSON.parse(readFileSync(json, 'utf8')) as {
    readonly schema: number;
    readonly verdict: string;
    readonly missed: readonly unknown[];
    readonly files: { readonly testfile: Readonly<Record<string, unknown>> };
    readonly traces: readonly object[];
  };
  const recorded = JSON.parse(readFileSync(log.replace('fsxops', 'json'), 'utf8')) as {
    readonly expected: Readonly<Record<string, unknown>>;
  };
  t.is(report.schema, 1);
  t.is(report.verdict, 'clean');
  t.deepEqual(report.missed, []);
  t.is(report.traces.length, 1);
  for (const field of ['size', 'sha256', 'seekCold'])
    t.deepEqual(report.files.testfile[field], recorded.expected[field]);
});

test('a directive that is missed is said, and fails the replay only with --strict', t => {
  const path = join(folder(t), 'missed.trace');
  writeFileSync(path, readFileSync(TRACE, 'utf8').replace('"nth":1', '"nth":99'));
  const lenient = run('replay', '--target', 'impl', path);
  t.is(lenient.status, 0);
  t.regex(lenient.out, /the directive at #3, Y-BW2, time 99, was missed/);
  t.is(run('replay', '--target', 'impl', '--strict', path).status, 1);
});

test('a trace may come from standard input, and what comes out of one command goes into another', t => {
  const log = join(corpus, 'fsx', 'xfs-4k-100.fsxops');
  const exported = run('export', 'trace', log);
  const from = (...args: readonly string[]): Ran => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
      encoding: 'utf8',
      input: exported.out,
    });
    return { status, out: stdout, err: stderr };
  };
  const replayed = from('replay', '--target', 'model', '-');
  t.is(replayed.status, 0, replayed.err);
  t.regex(replayed.out, /^standard input on model: clean, 83 operations/);
  t.regex(from('shrink', '-').err, /^iomap-check: shrink -: expected --out FILE/);
  t.is(from('import', 'fsx', '-').err, 'iomap-check: standard input: expected an fsx operation log, got a trace\n');
});

const MEANINGLESS: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [['replay', TRACE, '--fsx-seed', '3'], /--fsx-seed: expected an fsx operation log, which it is for, got a trace$/],
  [['replay', TRACE, '--target', 'exec:x'], /--target exec:x: expected one of model, impl$/],
  [['replay', TRACE, '--fs', 'minix', '--target', 'model'], /--fs minix: expected one of xfs$/],
  [['bugs', '--patch', TRACE, '--base', 'HEAD'], /--base HEAD: expected --rebase with it$/],
  [['bugs', '--patch', TRACE, '--seed', '1', '--seeds', '2'], /--seeds 2: expected --seed or --seeds, not both$/],
  [['rules', 'INV-16', '--verify', 'INV-13'], /rules INV-16: expected --verify alone, or ids alone; not both$/],
];
test('options that mean nothing where they stand are refused, not ignored', t => {
  for (const [args, message] of MEANINGLESS) {
    const { status, out, err } = run(...args);
    t.is(status, 2, args.join(' '));
    t.is(out, '');
    t.regex(err.trimEnd(), message);
  }
});

test('a recorded answer that is wrong is exit status 1', t => {
  const path = join(folder(t), 'wrong.trace');
  writeFileSync(path, readFileSync(TRACE, 'utf8').replace('"answer":{"length":8}', '"answer":{"length":7}'));
  const { status, out } = run('replay', path);
  t.is(status, 1);
  t.regex(out, /on model: not as recorded, \d differences?\n {2}#3 write #3 on a: recorded 7; permitted 8/);
  t.regex(out, /on impl: not as recorded, 1 difference\n {2}#3 length 8, recorded 7/);
});

test('a trace that loses power is replayed, and goes on in what was recovered', t => {
  const path = join(folder(t), 'crash.trace');
  const lines = [
    '{"format":"iomap-trace","version":1,"geometry":{"blockSize":64,"pageSize":64,"maxFolioSize":64,"sectorSize":32,"deviceBlocks":64},"files":["a"]}',
    '{"op":1,"call":"write","file":"a","offset":0,"length":100,"data":1}',
    '{"op":2,"call":"fsync","file":"a"}',
    '{"op":3,"call":"write","file":"a","offset":0,"length":100,"data":2}',
    '{"at":{"op":3},"do":[{"crash":"these","survive":[]}]}',
    '{"op":4,"call":"stat","file":"a","answer":{"size":100}}',
    '{"verdict":"clean"}',
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  const { status, out } = run('replay', path);
  t.is(status, 0, out);
  t.regex(out, /on model: clean up to #3, in which power is lost\n/);
});

test('a recorded violation that does not show again is told', t => {
  const path = join(folder(t), 'gone.trace');
  const gone = '{"verdict":"violation","id":"INV-30","signature":"INV-30/read","message":"","op":-1}';
  writeFileSync(path, readFileSync(TRACE, 'utf8').replace('{"verdict":"clean"}', gone));
  const { status, out } = run('replay', path);
  t.is(status, 0);
  t.regex(out, /on impl: clean, .*\n {2}recorded INV-30 did not show again\n/);
});

test('shrinking a trace that passes is an error of the user', t => {
  const { status, err } = run('shrink', TRACE);
  t.is(status, 2);
  t.regex(err, /the run finds nothing on impl, so there is nothing to shrink\n$/);
});

test('a small trace does not take the place of the one it was made from', t => {
  const path = join(folder(t), 'once.min.trace');
  writeFileSync(path, readFileSync(TRACE));
  const { status, err } = run('shrink', path);
  t.is(status, 2);
  t.regex(err, /once\.min\.trace: expected --out FILE, because the small trace would replace this one\n$/);
});

test('an imported log is a trace that replays', t => {
  const path = join(folder(t), 'imported.trace');
  t.is(run('import', 'fsx', join(corpus, 'fsx', 'xfs-4k-100.fsxops'), '--out', path).status, 0);
  t.is(run('replay', '--target', 'model', path).status, 0);
  t.is(run('import', 'fsx', TRACE).status, 2);
  t.regex(run('export', 'xfs_io', path).out, /^#!\/bin\/sh\n/);
});

test('the example of the page about traces is a trace, and passes', t => {
  const page = readFileSync(new URL('../../../docs/traces.md', import.meta.url), 'utf8');
  const path = join(folder(t), 'example.trace');
  writeFileSync(path, /```json\n([^`]*)```/.exec(page)?.[1] ?? '');
  const { status, out } = run('replay', '--strict', path);
  t.is(status, 0, out);
});

test('what cannot be written is one line with its path and exit status 2, for a report before the work begins', t => {
  const path = join(folder(t), 'file');
  writeFileSync(path, '');
  const bad = join(path, 'below');
  for (const args of [
    ['export', 'xfs_io', TRACE, '--out', bad],
    ['replay', TRACE, '--json', bad],
    ['replay', TRACE, '--json', '/proc/nope/x'],
    ['bugs', '--patch', TRACE, '--out', bad],
    ['bugs', '--patch', TRACE, '--strategy', 'none'],
  ]) {
    const { status, out, err } = run(...args);
    t.is(status, 2);
    t.is(out, '');
    t.regex(err, /^iomap-check: --\w+ \S+: .*\n$/);
  }
});

test('standard output that is full is no violation, and a violation stays one', t => {
  const broken = join(folder(t), 'wrong.trace');
  writeFileSync(broken, readFileSync(TRACE, 'utf8').replace('"answer":{"length":8}', '"answer":{"length":7}'));
  const full = openSync('/dev/full', 'w');
  t.teardown(() => closeSync(full));
  for (const [path, expected] of [
    [TRACE, 2],
    [broken, 1],
  ] as const) {
    const stdio = ['ignore' as const, full, 'pipe' as const];
    const { status, stderr } = spawnSync(process.execPath, [main, 'replay', path], { stdio, encoding: 'utf8' });
    t.is(status, expected);
    t.is(stderr, 'iomap-check: standard output: cannot be written: no space left on device\n');
  }
});
