import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { CallFlag, EOPNOTSUPP } from '../../model/contract/index.js';
import { exportFsx } from '../export/fsx.js';
import { exportXfsIo } from '../export/xfs-io.js';
import { readTrace, type Trace, TraceError, writeTrace } from '../format/index.js';
import { type FsxFacts, fsxFacts, importAny, importFsx, kindOf, NOTHING_SAID } from './index.js';

const FACTS: FsxFacts = {
  seed: 101,
  maxFileLen: 262_144,
  blockSize: 4096,
  pageSize: 4096,
  direct: false,
  pollute: false,
  expected: null,
  checkpoints: [],
};
const CASES = new URL('../../../traces/corpus/cases/', import.meta.url).pathname;

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof TraceError) return error.message;
    throw error;
  }
  return 'no error';
}

/** Imports these lines of an fsx log. */
function fsx(lines: readonly string[], facts: Partial<FsxFacts> = {}): Trace {
  return importFsx(`${lines.join('\n')}\n`, 'log.fsxops', { ...FACTS, ...facts });
}

function calls(trace: Trace): string[] {
  return trace.lines.flatMap(line =>
    line.kind === 'operation' ? [`${line.call.id} ${line.call.name} ${line.call.offset}+${line.call.length}`] : [],
  );
}

test('a line of an fsx log is called by its number, which skipped lines count in', t => {
  const trace = fsx(['skip read 0x0 0x0 0x0', 'write 0x10 0x20 0x0', 'punch_hole 0x0 0x8 0x30']);
  t.deepEqual(calls(trace), ['2 write 16+32', '3 punch 0+8']);
  const [write] = trace.lines;
  t.deepEqual(write?.kind === 'operation' ? write.call.data : null, { fsx: 2, seed: 101, span: 262_144 });
});

test('a direct log reads and writes directly', t => {
  t.deepEqual(calls(fsx(['write 0x0 0x1000 0x0', 'read 0x0 0x1000 0x1000'], { direct: true })), [
    '1 dwrite 0+4096',
    '2 dread 0+4096',
  ]);
});

test('a mapped read that ends with the file looks at the rest of its page too', t => {
  t.deepEqual(calls(fsx(['mapread 0x10 0x20 0x30', 'mapread 0x10 0x10 0x30'])), [
    '1 mapread 16+4080',
    '2 mapread 16+16',
  ]);
});

test('a polluting log stores behind the end before the size changes, up to the new end or the end of the page', t => {
  const scribbles = (line: string): string[] =>
    calls(fsx([line], { pollute: true })).filter(call => call.startsWith('11 '));
  t.deepEqual(scribbles('truncate 0x0 0x10 0x64'), ['11 mapwrite 100+3996']);
  t.deepEqual(scribbles('truncate 0x0 0x70 0x64'), ['11 mapwrite 100+12']);
  t.deepEqual(scribbles('collapse_range 0x0 0x1000 0x2064'), ['11 mapwrite 8292+3996']);
  t.deepEqual(scribbles('write 0x80 0x10 0x64'), ['11 mapwrite 100+44']);
  t.deepEqual(scribbles('write 0x60 0x10 0x64'), []);
  t.deepEqual(scribbles('zero_range 0x80 0x10 0x64 keep_size'), []);
  t.deepEqual(scribbles('punch_hole 0x0 0x10 0x64'), []);
  t.deepEqual(scribbles('truncate 0x0 0x10 0x1000'), []);
  const [scribble] = fsx(['truncate 0x0 0x10 0x64'], { pollute: true }).lines;
  t.is(scribble?.kind === 'operation' ? scribble.call.flags : 0, CallFlag.BEYOND);
});

const BAD_LOGS: readonly (readonly [title: string, line: string, message: string])[] = [
  [
    'an operation that only JavaScript has',
    'constructor 0x0 0x0 0x0',
    'log.fsxops:2: expected an operation of fsx that iomap has, got "constructor"',
  ],
  [
    'an unknown operation',
    'frobnicate 0x0 0x0 0x0',
    'log.fsxops:2: expected an operation of fsx that iomap has, got "frobnicate"',
  ],
  [
    'an operation that nobody here has',
    'exchange_range 0x0 0x1000 0x1000 0x2000',
    'log.fsxops:2: expected an operation of fsx that iomap has, got "exchange_range"',
  ],
  [
    'a cut line',
    'write 0x0 0x1',
    'log.fsxops:2: expected offset, length and size in hexadecimal digits, got 2 numbers',
  ],
  [
    'a negative length',
    'write 0x0 -0x10 0x0',
    'log.fsxops:2: expected a number of at least 0 and below 2^53, got "-0x10"',
  ],
  [
    'a word that is no flag',
    'write 0x0 0x10 0x0 loudly',
    'log.fsxops:2: expected one of keep_size, unshare, close_open, got "loudly"',
  ],
];
for (const [title, line, message] of BAD_LOGS)
  test(`an fsx log with ${title} is an error of one line`, t => {
    t.is(
      errorOf(() => fsx(['skip read 0x0 0x0 0x0', line])),
      message,
    );
  });

test('a log without a .json and without --fsx-seed says what is missing', t => {
  t.regex(
    errorOf(() => fsxFacts('log.fsxops', null, NOTHING_SAID)),
    /^log\.fsxops: expected the \.json of the same name beside it, or --fsx-seed N .* the seed of the fill is missing$/,
  );
  t.deepEqual(fsxFacts('log.fsxops', null, { ...NOTHING_SAID, seed: 7 }), { ...FACTS, seed: 7 });
});

test('what is said on the command line wins over the .json', t => {
  const sidecar = {
    name: 'log.json',
    text: '{"seed":1,"maxFileLen":100,"blockSize":1024,"fsxOptions":["-Z","-e","1"]}',
  };
  const said = { seed: null, maxFileLen: 50, blockSize: null, direct: null };
  const { seed, maxFileLen, blockSize, direct, pollute } = fsxFacts('log.fsxops', sidecar, said);
  t.deepEqual(
    { seed, maxFileLen, blockSize, direct, pollute },
    { seed: 1, maxFileLen: 50, blockSize: 1024, direct: true, pollute: true },
  );
});

const BAD_CASES: readonly (readonly [title: string, op: string, message: string])[] = [
  [
    'an unknown operation',
    '{"op": "frobnicate"}',
    'case.json:4: expected op to be the name of an operation, got "frobnicate" in operation 2',
  ],
  [
    'an operation that only JavaScript has',
    '{"op": "constructor"}',
    'case.json:4: expected op to be the name of an operation, got "constructor" in operation 2',
  ],
  [
    'a byte that is none',
    '{"op": "write", "offset": 0, "length": 1, "pattern": {"byte": 256}}',
    'case.json:4: expected pattern to be {"byte": b} or {"tag": t}, got {"byte":256} in operation 2',
  ],
  [
    'a negative length',
    '{"op": "punch", "offset": 0, "length": -1}',
    'case.json:4: expected length to be a whole number of at least 0 and below 2^53, got -1 in operation 2',
  ],
  [
    'no offset',
    '{"op": "punch", "length": 1}',
    'case.json:4: expected offset to be a whole number, got undefined in operation 2',
  ],
  [
    'no pattern',
    '{"op": "write", "offset": 0, "length": 1}',
    'case.json:4: expected pattern to be {"byte": b} or {"tag": t}, got undefined in operation 2',
  ],
  [
    'an unknown errno',
    '{"op": "fsync", "expect": {"errno": "EWHAT"}}',
    'case.json:4: expected answer.errno to be an errno of iomap, got "EWHAT" in operation 2',
  ],
];
for (const [title, op, message] of BAD_CASES)
  test(`a case with ${title} is an error of one line`, t => {
    const text = `{"blockSize": 4096,\n "ops": [\n  {"op": "fsync"},\n  ${op}\n ]}\n`;
    t.is(
      errorOf(() => importAny(text, 'case.json', NOTHING_SAID, () => null)),
      message,
    );
  });

test('what a file is depends on its content only', t => {
  t.is(kindOf('{"format":"iomap-trace","version":9}\n'), 'trace');
  t.is(kindOf('skip exchange_range 0x2000 0x8000 0x10000 0x37342\n'), 'fsx');
  t.is(kindOf('{"ops": []}'), 'case');
  t.is(kindOf('hello'), null);
  t.is(
    errorOf(() => importAny('hello\n', 'x.trace', NOTHING_SAID, () => null)),
    'x.trace:1: expected a trace, an fsx log or a case, got something else',
  );
  t.is(
    errorOf(() => importAny('\n', 'x.trace', NOTHING_SAID, () => null)),
    'x.trace:1: expected a trace, an fsx log or a case, got an empty file',
  );
});

const cases = readdirSync(CASES, { recursive: true, encoding: 'utf8' }).filter(name => /\.json(\.gz)?$/.test(name));
for (const name of cases.sort())
  test(`the case ${name} becomes a trace that reads back equal`, t => {
    const bytes = readFileSync(join(CASES, name));
    const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    const { kind, trace } = importAny(text, name, NOTHING_SAID, () => null);
    t.is(kind, 'case');
    t.deepEqual(readTrace(writeTrace(trace), name), trace);
    const { ops, expected } = JSON.parse(text) as {
      readonly ops: readonly { readonly expect?: object }[];
      readonly expected: { readonly files: object };
    };
    const operations = trace.lines.filter(line => line.kind !== 'expectation');
    t.is(operations.length, ops.length);
    // A file that was removed is in no state at the end.
    const states = trace.lines.filter(line => line.kind === 'expectation');
    t.is(states.length, Object.keys(expected.files).length);
  });

const BAD_DOCUMENTS: readonly (readonly [title: string, text: string, message: string])[] = [
  [
    'an error of syntax in its third line',
    '{"ops": [\n  {"op": "fsync"},\n  {"op": "fsync" "file": "a"}\n]}\n',
    'case.json:3: expected JSON, got "\\"file\\": \\"a\\"}"',
  ],
  ['a missing end', '{"ops": [\n  {"op": "fsync"}\n', 'case.json:3: expected JSON, got the end of the file'],
  [
    'a character behind DEL, which a string may hold',
    '{"ops": [\n  {"op": "fsync", "file": "\u007f"},\n  !]}\n',
    'case.json:3: expected JSON, got "!]}"',
  ],
  [
    'a space that is none',
    '{"ops": [\n  {"op": "fsync",\u00a0"file": "a"}\n]}\n',
    'case.json:2: expected JSON, got "\\u{a0}\\"file\\": \\"a\\"}"',
  ],
  ['a space that is none at its end', '{\n"ops": []}\n\u00a0', 'case.json:3: expected JSON, got "\\u{a0}"'],
  [
    'a control character in a string',
    '{"ops": [\n  {"op": "fsync", "file": "\u0001"}]}\n',
    'case.json:2: expected JSON, got "\\"\\u0001\\"}]}"',
  ],
  [
    'files that are none',
    '{"ops": [],\n "expected":\n  {"files": 7}}',
    'case.json:3: expected files to be an object, got 7',
  ],
  [
    'a file in no state',
    '{"ops": [],\n "expected": {"files": {\n  "a": null}}}',
    'case.json:3: expected a to be an object, got null',
  ],
  [
    'a file in a state that cannot be',
    '{"ops": [],\n "expected": {"files": {\n  "a": {"size": 1},\n  "b": {"size": -1}}}}',
    'case.json:4: expected size to be a whole number of at least 0, got -1',
  ],
  [
    'blocks of a size that cannot be',
    '{"ops": [],\n "blockSize": 1000}',
    'case.json:2: expected a geometry that can be used, got one that cannot: blockSize must be a power of two, not 1000',
  ],
];
for (const [title, text, message] of BAD_DOCUMENTS)
  test(`a case with ${title} is an error that names its line`, t => {
    t.is(
      errorOf(() => importAny(text, 'case.json', NOTHING_SAID, () => null)),
      message,
    );
  });

const BAD_SIDECARS: readonly (readonly [title: string, text: string, message: string])[] = [
  ['no seed', '\n{\n "blockSize": 4096}', 'log.json:2: expected a field "seed", or --fsx-seed N, got neither'],
  ['a list', '[]', 'log.json:1: expected a JSON object, got []'],
  [
    'a seed that is none',
    '{"maxFileLen": 1,\n "x": {"seed": 1},\n "seed": "1"}',
    'log.json:3: expected seed to be a whole number of at least 0, got "1"',
  ],
  [
    'pages that cannot be',
    '{"seed": 1,\n "blockSize": 4096,\n "pageSize": 100}',
    'log.json:3: expected a geometry that can be used, got one that cannot: pageSize must be a power of two, not 100',
  ],
  [
    'a digest that is none',
    '{"seed": 1,\n "expected": {\n  "size": 1, "sha256": 7}}',
    'log.json:2: expected sha256 to be a SHA-256 in hexadecimal digits, got 7',
  ],
  [
    'states on the way that are none',
    '{"seed": 1,\n "expected": {\n  "checkpoints": 7}}',
    'log.json:3: expected checkpoints to be a list, got 7',
  ],
  [
    'a state on the way without a size',
    '{"seed": 1, "expected": {\n "checkpoints": [\n  null]}}',
    'log.json:3: expected checkpoint 1 to have a field "afterLine", got null',
  ],
  [
    'a state after no line',
    '{"seed": 1, "expected": {"checkpoints": [\n {"size": 1, "sha256": "",\n  "afterLine": "1"}]}}',
    'log.json:3: expected afterLine to be the number of a line, got "1"',
  ],
];
for (const [title, text, message] of BAD_SIDECARS)
  test(`a .json beside a log with ${title} is an error that names its line`, t => {
    t.is(
      errorOf(() => fsxFacts('log.fsxops', { name: 'log.json', text }, NOTHING_SAID)),
      message,
    );
  });

test('an errno of two names may have either in a case', t => {
  const text = '{"ops": [{"op": "fsync", "expect": {"errno": "ENOTSUP"}}]}';
  const { trace } = importAny(text, 'case.json', NOTHING_SAID, () => null);
  const [line] = trace.lines;
  t.is(line?.kind === 'operation' ? line.answer?.errno : 0, EOPNOTSUPP);
});

test('a .json beside a log that lacks the seed is named', t => {
  t.is(
    errorOf(() => fsxFacts('log.fsxops', { name: 'log.json', text: '{}' }, NOTHING_SAID)),
    'log.json:1: expected a field "seed", or --fsx-seed N, got neither',
  );
});

test('an fsx log that is imported and exported is the same log', t => {
  const log = [
    'skip read 0x0 0x0 0x0',
    'write 0x100 0x20 0x0',
    'truncate 0x0 0x50 0x120',
    'mapread 0x40 0x10 0x50',
    'fallocate 0x60 0x10 0x50 keep_size',
    'fallocate 0x60 0x10 0x50 unshare',
    'clone_range 0x0 0x10 0x70 0x70',
    'write_atomic 0x0 0x10 0x80',
    'zero_range 0x0 0x10 0x80',
  ];
  t.is(exportFsx(fsx(log), 'log'), `${log.join('\n')}\n`);
});

test('a log keeps its numbers when it is exported, so that writes keep their bytes', t => {
  const log = ['skip insert_range 0x0 0x0 0x0', 'skip read 0x0 0x0 0x0', 'write 0x0 0x20 0x0'];
  t.is(exportFsx(fsx(log), 'log'), 'skip read 0x0 0x0 0x0\nskip read 0x0 0x0 0x0\nwrite 0x0 0x20 0x0\n');
});

test('what fsx cannot do is an error of its export', t => {
  const text = '{"format":"iomap-trace","version":1}\n{"op":1,"call":"mmap","file":"a"}\n{"verdict":"clean"}\n';
  t.is(
    errorOf(() => exportFsx(readTrace(text, 'x'), 'x.trace')),
    'x.trace: expected only operations of fsx on one file, got mmap #1',
  );
});

test('an xfs_io script has one line an operation, and keeps directives as comments', t => {
  const text = [
    '{"format":"iomap-trace","version":1,"origin":"a test"}',
    '{"op":1,"call":"write","file":"a","offset":0,"length":4096,"data":8,"answer":{"length":4096}}',
    '{"at":{"op":1,"point":"Y-BW2"},"do":[{"writeback":"a"}]}',
    '{"op":2,"call":"reflink","file":"b","offset":0,"length":4096,"from":{"file":"a","offset":4096},"answer":{"errno":"EINVAL"}}',
    '{"op":3,"call":"mapwrite","file":"a","offset":1,"length":2,"data":8}',
    '{"op":4,"call":"remount"}',
    '{"verdict":"clean"}',
  ].join('\n');
  t.deepEqual(exportXfsIo(readTrace(text, 'x')).split('\n'), [
    '#!/bin/sh',
    '# a test, for xfs with blocks of 4096 bytes.',
    '# Run it in an empty directory of the file system under test.',
    "xfs_io -f -c 'pwrite -S 0x08 0 4096' a  # #1: length 4096",
    '# {"at":{"op":1,"point":"Y-BW2","nth":1},"do":[{"writeback":"a"}]}',
    "xfs_io -f -c 'reflink a 4096 0 4096' b  # #2: EINVAL",
    "xfs_io -f -c 'mmap -rw 1 2' -c 'mwrite -S 0x08 1 2' -c munmap a  # #3",
    '# remount #4: clean unmount and mount, or recovery after a shutdown or crash',
    '',
  ]);
});
