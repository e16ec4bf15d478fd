import { readFileSync } from 'node:fs';
import test from 'ava';
import { TraceError } from './errors.js';
import { readTrace } from './reader.js';
import { publishedSchema } from './schema.js';

const HEADER = '{"format":"iomap-trace","version":1}';
const WRITE = '{"op":1,"call":"write","file":"a","offset":12,"length":10,"data":8}';
const CLEAN = '{"verdict":"clean"}';

/** The message that reading these lines ends with. */
function errorOf(...lines: readonly string[]): string {
  try {
    readTrace(`${lines.join('\n')}\n`, 'bad.trace');
  } catch (error) {
    if (error instanceof TraceError) return error.message;
    throw error;
  }
  return 'no error';
}

const BAD: readonly (readonly [title: string, lines: readonly string[], message: string])[] = [
  [
    'a version of the future',
    ['{"format":"iomap-trace","version":2}', CLEAN],
    'bad.trace:1: expected a version up to 1, got version 2',
  ],
  [
    'a version that is no number',
    ['{"format":"iomap-trace","version":"x"}', CLEAN],
    'bad.trace:1: expected version to be a version from 1 to 1, got "x"',
  ],
  [
    'half a version',
    ['{"format":"iomap-trace","version":1.5}', CLEAN],
    'bad.trace:1: expected version to be a version from 1 to 1, got 1.5',
  ],
  [
    'no files',
    ['{"format":"iomap-trace","version":1,"files":[]}', CLEAN],
    'bad.trace:1: expected files to be a list of one to 256 different file names, got []',
  ],
  [
    'blocks that no file system has',
    ['{"format":"iomap-trace","version":1,"geometry":{"blockSize":131072}}', CLEAN],
    'bad.trace:1: expected a geometry that can be used, got one that cannot: blockSize must be at most 65536, not 131072',
  ],
  [
    'a device that is larger than memory',
    ['{"format":"iomap-trace","version":1,"geometry":{"deviceBlocks":1000000000000}}', CLEAN],
    'bad.trace:1: expected a geometry that can be used, got one that cannot: the device must hold at most 4294967296 bytes, not 1000000000000 blocks of 4096',
  ],
  [
    'no header',
    [WRITE, CLEAN],
    `bad.trace:1: expected a header {"format":"iomap-trace","version":1}, got {"op":1,"call":"write","file":"a","offset":12,"length":10...`,
  ],
  ['an empty file', [''], 'bad.trace:1: expected a header, got an empty file'],
  [
    'a file without verdict',
    [HEADER, WRITE],
    'bad.trace:2: expected a verdict as the last line, got the end of the file',
  ],
  [
    'a cut line',
    [HEADER, WRITE.slice(0, 30)],
    'bad.trace:2: expected a JSON object on one line, got "{\\"op\\":1,\\"call\\":\\"write\\",\\"file\\":"',
  ],
  [
    'an unknown operation',
    [HEADER, '{"op":1,"call":"frobnicate","file":"a"}', CLEAN],
    'bad.trace:2: expected call to be the name of an operation, got "frobnicate"',
  ],
  [
    'a negative length',
    [HEADER, WRITE.replace('"length":10', '"length":-10'), CLEAN],
    'bad.trace:2: expected length to be a whole number of at least 0 and at most 2^53 - 2^21, got -10',
  ],
  [
    'a length beyond 2^53',
    [HEADER, WRITE.replace('"length":10', '"length":9223372036854775807'), CLEAN],
    'bad.trace:2: expected length to be a whole number of at least 0 and at most 2^53 - 2^21, got 9223372036854776000',
  ],
  [
    'a missing field',
    [HEADER, WRITE.replace('"length":10,', ''), CLEAN],
    'bad.trace:2: expected write to have a field "length", got {"op":1,"call":"write","file":"a","offset":12,"data":8}',
  ],
  [
    'a field that the operation does not have',
    [HEADER, '{"op":1,"call":"fsync","file":"a","offset":0}', CLEAN],
    'bad.trace:2: expected fsync to have only the fields op, task, call, file, answer, got "offset"',
  ],
  [
    'data of no kind',
    [HEADER, WRITE.replace('"data":8', '"data":0'), CLEAN],
    'bad.trace:2: expected data to be a data tag from 1 to 211, {"byte": b}, {"case": tag} or {"fsx": line, "seed": s, "span": n}, got 0',
  ],
  [
    'a flag of another operation',
    [HEADER, '{"op":1,"call":"zero","file":"a","offset":0,"length":1,"flags":["ATOMIC"]}', CLEAN],
    'bad.trace:2: expected flags.0 to be one of KEEP_SIZE, got "ATOMIC"',
  ],
  [
    'a name used twice',
    [HEADER, WRITE, WRITE, CLEAN],
    'bad.trace:3: expected a name that no other operation has, got op 1 again',
  ],
  [
    'a file that the header does not list',
    ['{"format":"iomap-trace","version":1,"files":["b"]}', WRITE, CLEAN],
    'bad.trace:2: expected one of the files b, got "a"',
  ],
  [
    'a geometry that cannot be',
    ['{"format":"iomap-trace","version":1,"geometry":{"blockSize":48}}', CLEAN],
    'bad.trace:1: expected a geometry that can be used, got one that cannot: blockSize must be a power of two, not 48',
  ],
  [
    'another poison',
    ['{"format":"iomap-trace","version":1,"poison":{"device":170}}', CLEAN],
    'bad.trace:1: expected poison.device to be 238, the only device poison there is, got 170',
  ],
  [
    'an unknown errno',
    [HEADER, WRITE.replace('}', ',"answer":{"errno":"EWHAT"}}'), CLEAN],
    'bad.trace:2: expected answer.errno to be an errno of iomap, got "EWHAT"',
  ],
  [
    'an unknown yield point',
    [HEADER, WRITE, '{"at":{"op":1,"point":"Y-XX1"},"do":[{"writeback":"a"}]}', CLEAN],
    'bad.trace:3: expected at.point to be the name of a yield point, got "Y-XX1"',
  ],
  [
    'an unknown action',
    [HEADER, WRITE, '{"at":{"op":1,"point":"Y-BW2"},"do":[{"explode":"a"}]}', CLEAN],
    'bad.trace:3: expected something that can be done, got {"explode":"a"}',
  ],
  [
    'work without a point',
    [HEADER, WRITE, '{"at":{"op":1},"do":[{"writeback":"a"}]}', CLEAN],
    'bad.trace:3: expected a place with a point, got {"op":1}',
  ],
  [
    'a failure at a point',
    [HEADER, WRITE, '{"at":{"op":1,"point":"Y-BW2"},"do":[{"fault":"bio"}]}', CLEAN],
    'bad.trace:3: expected a place without a point, got {"op":1,"point":"Y-BW2"}',
  ],
  [
    'a directive at no operation',
    [HEADER, WRITE, '{"at":{"op":7,"point":"Y-BW2"},"do":[{"writeback":"a"}]}', CLEAN],
    'bad.trace:3: expected at.op to be the name of an operation of the trace, got 7',
  ],
  [
    'two crashes in one operation',
    [HEADER, WRITE, '{"at":{"op":1},"do":[{"crash":"any"}]}', '{"at":{"op":1,"nth":2},"do":[{"crash":"any"}]}', CLEAN],
    'bad.trace:4: expected one crash in an operation, got another in 1',
  ],
  [
    'a state after no operation',
    [HEADER, WRITE, '{"expect":"a","after":9,"size":1}', CLEAN],
    'bad.trace:3: expected after to be the name of an operation of the trace, got 9',
  ],
  [
    'a state on the way that would take calls',
    [HEADER, WRITE, '{"expect":"a","after":1,"extents":[]}', CLEAN],
    'bad.trace:3: expected a state after an operation to have only the fields size, sha256, got "extents"',
  ],
  [
    'a verdict about no operation',
    [HEADER, WRITE, '{"verdict":"violation","id":"INV-30","signature":"INV-30/read","message":"","op":2}'],
    'bad.trace:3: expected op to be the name of an operation of the trace, got 2',
  ],
  [
    'a line of no kind',
    [HEADER, '{"hello":1}', CLEAN],
    'bad.trace:2: expected a line with "op", "at", "expect" or "verdict", got {"hello":1}',
  ],
  [
    'something behind the verdict',
    [HEADER, CLEAN, WRITE],
    'bad.trace:3: expected the verdict to be the last line, got {"op":1,"call":"write","file":"a","offset":12,"length":10...',
  ],
  [
    'an unknown verdict',
    [HEADER, '{"verdict":"maybe"}'],
    'bad.trace:2: expected verdict to be "clean" or "violation", got "maybe"',
  ],
];

for (const [title, lines, message] of BAD)
  test(`${title} is one line with file and line number`, t => {
    t.is(errorOf(...lines), message);
    t.false(message.includes('\n'));
  });

test('a trace cut at any byte is an error, and never another trace', t => {
  const text = `${[HEADER, WRITE, '{"at":{"op":1,"point":"Y-BW2"},"do":[{"writeback":"a"}]}', CLEAN].join('\n')}\n`;
  for (let cut = 0; cut < text.length - 1; cut++)
    t.throws(() => readTrace(text.slice(0, cut), 'cut'), { instanceOf: TraceError }, `cut at ${cut}`);
});

test('offsets beyond 2^53 are infinitely far away', t => {
  const far = (offset: string): string => `{"op":${offset.length},"call":"seekData","file":"a","offset":${offset}}`;
  const text = [HEADER, far('9223372036854775807'), far('-9223372036854775808'), CLEAN].join('\n');
  const offsets = readTrace(text, 'far').lines.map(line => (line.kind === 'operation' ? line.call.offset : 0));
  t.deepEqual(offsets, [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
});

test('the published schema is the one that the reader uses', t => {
  const path = new URL('../../../traces/schema/trace.schema.json', import.meta.url);
  t.deepEqual(JSON.parse(readFileSync(path, 'utf8')), JSON.parse(JSON.stringify(publishedSchema())));
});
