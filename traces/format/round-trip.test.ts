import { testProp } from '@fast-check/ava';
import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import {
  CallFlag,
  CHOICES,
  type ChoiceLabel,
  type Data,
  DEFAULT_OPTIONS,
  EINVAL,
  EIO,
  ENOSPC,
  ENXIO,
  KERNEL_GEOMETRY,
  LARGEST_FILE,
  LARGEST_TAG,
  makeCall,
  OPERATION_NAMES,
  operationShape,
  POINT_NAMES,
} from '../../model/contract/index.js';
import { readTrace } from './reader.js';
import { publishedSchema } from './schema.js';
import {
  type Action,
  FILELESS,
  type OperationLine,
  type RecordedAnswer,
  type Trace,
  type TraceLine,
  type Verdict,
} from './trace.js';
import { writeTrace } from './writer.js';

const FILES = ['a', 'b', 'a name with "quotes" and ünïcode'];
const file = fc.integer({ min: 0, max: FILES.length - 1 });
const count = fc.oneof(fc.nat(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
const length = fc.oneof(fc.nat(), fc.constant(LARGEST_FILE), fc.constant(0));
const position = fc.oneof(
  fc.nat(),
  fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
  fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
const sha256 = fc.stringMatching(/^[0-9a-f]{64}$/);
const data: fc.Arbitrary<Data> = fc.oneof(
  fc.integer({ min: 1, max: LARGEST_TAG }),
  fc.record({ byte: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ case: fc.nat(200) }),
  fc.record({ fsx: fc.nat(10_000), seed: fc.nat(1000), span: fc.nat(2 ** 20) }),
);
const runs = fc.array(fc.tuple(fc.integer({ min: 0, max: 255 }), count), { maxLength: 4 });
const extents = fc.array(
  fc.record({
    offset: count,
    length: count,
    type: fc.constantFrom('data' as const, 'unwritten' as const),
    shared: fc.boolean(),
  }),
  { maxLength: 3 },
);
const seekMap = fc.array(
  fc.record({ type: fc.constantFrom('data' as const, 'hole' as const), offset: count, length: count }),
  { maxLength: 3 },
);
const answer: fc.Arbitrary<RecordedAnswer | null> = fc.option(
  fc.record(
    {
      errno: fc.constantFrom(EINVAL, EIO, ENOSPC, ENXIO),
      length: count,
      sha256,
      runs,
      offset: count,
      size: count,
      blocks512: count,
      extents,
      map: seekMap,
      status: fc.constantFrom('same' as const, 'differs' as const),
      bytes: count,
    },
    { requiredKeys: [] },
  ),
);
const values = fc.record({
  name: fc.constantFrom(...OPERATION_NAMES),
  file,
  fromFile: file,
  task: fc.integer({ min: 0, max: 31 }),
  offset: position,
  fromOffset: position,
  length,
  size: position,
  data,
  accessible: fc.option(length, { nil: -1 }),
  flags: fc.nat(2 ** 13 - 1),
});

/** A call that uses only what its operation has. */
const call = values.map(drawn => {
  const shape = operationShape(drawn.name);
  const has = (field: string): boolean => (shape.fields as readonly string[]).includes(field);
  const about = FILELESS.has(drawn.name) ? 0 : drawn.file;
  return makeCall(0, drawn.name, about, {
    task: drawn.task,
    offset: has('offset') ? drawn.offset : 0,
    length: has('length') ? drawn.length : 0,
    size: has('size') ? drawn.size : 0,
    data: has('data') ? drawn.data : 0,
    fromFile: has('from') ? drawn.fromFile : about,
    fromOffset: has('from') ? drawn.fromOffset : 0,
    accessible: has('accessible') ? drawn.accessible : -1,
    flags: shape.flags.reduce((bits, flag) => bits | (drawn.flags & CallFlag[flag]), 0),
  });
});
const operation = fc.record({ call, answer }).map((line): OperationLine => ({ kind: 'operation', ...line }));

const labels = (Object.keys(CHOICES) as ChoiceLabel[]).filter(label => label !== 'bio-status');
const placedAction: fc.Arbitrary<Action> = fc.oneof(
  call.map(({ id: _, ...injected }): Action => ({ kind: 'call', call: injected })),
  fc
    .record({
      task: fc.integer({ min: 0, max: 31 }),
      until: fc.option(fc.constantFrom(...POINT_NAMES)),
      times: fc.integer({ min: 1, max: 9 }),
    })
    .map((run): Action => ({ kind: 'run', ...run })),
  fc
    .record({
      bio: fc.constantFrom('read', 'write', 'flush'),
      file: fc.option(file, { nil: -1 }),
      offset: position,
      length,
    })
    .map((io): Action => ({ kind: 'io', ...io, offset: io.file < 0 ? -1 : io.offset })),
);
const choiceAction: fc.Arbitrary<Action> = fc.oneof(
  fc
    .record({ label: fc.constantFrom(...labels), answer: fc.integer({ min: 1, max: 9 }) })
    .map((choice): Action => ({ kind: 'choice', ...choice })),
  fc
    .record({ errno: fc.constantFrom(EIO, ENOSPC), file: fc.option(file, { nil: -1 }), offset: position, length })
    .map((bio): Action => ({ kind: 'bio', ...bio })),
);
const op = fc.nat(999_999);
const nth = fc.integer({ min: 1, max: 99 });
const directive: fc.Arbitrary<TraceLine> = fc.oneof(
  fc.record({
    kind: fc.constant('directive' as const),
    op,
    point: fc.constantFrom(...POINT_NAMES),
    nth,
    actions: fc.array(placedAction, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('directive' as const),
    op,
    point: fc.constant(null),
    nth,
    actions: fc.array(choiceAction, { minLength: 1, maxLength: 2 }),
  }),
);
const expectation: fc.Arbitrary<TraceLine> = fc.record({
  kind: fc.constant('expectation' as const),
  file,
  after: fc.oneof(op, fc.constant(null)),
  state: fc.record(
    { size: count, sha256, runs, extents, seekCached: seekMap, seekCold: seekMap, blocks512: count },
    { requiredKeys: [] },
  ),
});
const seekMapLine: fc.Arbitrary<TraceLine> = fc.record({
  kind: fc.constant('seekMap' as const),
  id: fc.constant(0),
  task: fc.integer({ min: 0, max: 31 }),
  file,
  answer,
});
const verdict: fc.Arbitrary<Verdict> = fc.oneof(
  fc.constant({ kind: 'clean' as const }),
  fc.record({
    kind: fc.constant('violation' as const),
    id: fc.string(),
    signature: fc.string(),
    message: fc.string(),
    op: fc.integer({ min: -1, max: 2 ** 40 }),
  }),
);

/** Operations get names of their own, in any order. */
function named(lines: readonly TraceLine[]): TraceLine[] {
  let next = lines.length;
  return lines.map(line => {
    if (line.kind === 'operation') return { ...line, call: { ...line.call, id: next-- } };
    return line.kind === 'seekMap' ? { ...line, id: next-- } : line;
  });
}

/** What is said of operations is said of one that is there, or not at all. */
function resolved(read: Trace): Trace {
  const names = read.lines.flatMap(line =>
    line.kind === 'operation' ? [line.call.id] : line.kind === 'seekMap' ? [line.id] : [],
  );
  const known = (name: number): number | undefined => names[name % names.length];
  const lines = read.lines.flatMap((line): TraceLine[] => {
    if (line.kind === 'directive') {
      const op = known(line.op);
      return op === undefined ? [] : [{ ...line, op }];
    }
    if (line.kind !== 'expectation' || line.after === null) return [line];
    const after = known(line.after);
    if (after === undefined) return [];
    const { size, sha256 } = line.state;
    return [
      {
        ...line,
        after,
        state: { ...(size === undefined ? {} : { size }), ...(sha256 === undefined ? {} : { sha256 }) },
      },
    ];
  });
  const { verdict } = read;
  return { ...read, lines, verdict: verdict.kind === 'clean' ? verdict : { ...verdict, op: known(verdict.op) ?? -1 } };
}

const trace: fc.Arbitrary<Trace> = fc
  .record({
    header: fc.record({
      kernel: fc.constantFrom('next' as const, '6.11' as const),
      fs: fc.constantFrom('xfs', 'ext4'),
      options: fc.record({
        cowExtentBlocks: count,
        preallocateFrom: fc.constantFrom(-1, 0, 65_536),
        extentSizeHint: count,
        reflink: fc.boolean(),
      }),
      geometry: fc.constantFrom(KERNEL_GEOMETRY, {
        blockSize: 16,
        pageSize: 64,
        maxFolioSize: 256,
        sectorSize: 16,
        deviceBlocks: 99,
      }),
      device: fc.record({ writeThrough: fc.boolean() }),
      files: fc.constant(FILES),
      origin: fc.option(fc.string()),
    }),
    lines: fc.array(fc.oneof(operation, operation, directive, expectation, seekMapLine), { maxLength: 12 }).map(named),
    verdict,
  })
  .map(resolved);

testProp('any trace that is written reads back equal', [trace], (t, written) => {
  t.deepEqual(readTrace(writeTrace(written), 'round-trip'), written);
});

const fits = new Ajv({ allowUnionTypes: true, strictTuples: false, strictTypes: false }).compile(publishedSchema());

testProp('every line that is written fits the published schema', [trace], (t, written) => {
  for (const line of writeTrace(written).trimEnd().split('\n')) t.true(fits(JSON.parse(line)), line);
});

testProp(
  'a trace without its defaults reads as the trace with them',
  [fc.array(operation, { maxLength: 3 }).map(named)],
  (t, lines) => {
    const header = {
      kernel: 'next' as const,
      fs: 'xfs',
      options: DEFAULT_OPTIONS,
      geometry: KERNEL_GEOMETRY,
      device: { writeThrough: false },
      files: FILES,
      origin: null,
    };
    const text = writeTrace({ header, lines, verdict: { kind: 'clean' } });
    const bare = text.replace(/^.*\n/, `${JSON.stringify({ format: 'iomap-trace', version: 1, files: FILES })}\n`);
    t.deepEqual(readTrace(bare, 'bare').lines, lines);
  },
);
