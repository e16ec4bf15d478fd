import test from 'ava';
import {
  CallFlag,
  DEFAULT_OPTIONS,
  EIO,
  KERNEL_GEOMETRY,
  makeCall,
  type OperationName,
} from '../../model/contract/index.js';
import { countSteps, readTrace, type Trace, type TraceLine, writeTrace } from '../../traces/format/index.js';
import { shrink } from './shrink.js';

const NAMES: readonly OperationName[] = ['read', 'write', 'punch', 'truncate', 'fsync', 'zero', 'falloc'];

/** A long program of unremarkable calls, with what a test plants among them. */
function program(planted: ReadonlyMap<number, TraceLine>): Trace {
  const lines: TraceLine[] = [];
  for (let id = 1; id <= 120; id++) {
    const line = planted.get(id);
    const name = NAMES[id % NAMES.length]!;
    const range = { offset: id * 777, length: 3000 + id, data: 1 + (id % 200), size: id * 1000, flags: 0 };
    lines.push(line ?? { kind: 'operation', call: makeCall(id, name, id % 3, range), answer: { length: 3000 } });
  }
  return {
    header: {
      kernel: 'next',
      fs: 'xfs',
      options: { ...DEFAULT_OPTIONS, extentSizeHint: 4 },
      geometry: KERNEL_GEOMETRY,
      device: { writeThrough: false },
      files: ['a', 'b', 'c'],
      origin: null,
    },
    lines: [...lines, { kind: 'expectation', file: 0, after: null, state: { size: 7 } }],
    verdict: { kind: 'clean' },
  };
}

const call = (id: number, name: OperationName, fields: object): TraceLine => ({
  kind: 'operation',
  call: makeCall(id, name, 1, fields),
  answer: null,
});

/** The fault of these tests: a zero over a block that was written before, and writeback while it runs. */
function fails(trace: Trace): boolean {
  let written = false;
  for (const line of trace.lines) {
    if (line.kind !== 'operation') continue;
    const { id, name, length } = line.call;
    if (name === 'mapwrite' && length > 0) written = true;
    const disturbed = trace.lines.some(
      other =>
        other.kind === 'directive' &&
        other.op === id &&
        other.actions.some(action => action.kind === 'call' && action.call.name === 'writeback'),
    );
    if (name === 'unshare' && written && disturbed) return true;
  }
  return false;
}

const { id: _, ...writeback } = makeCall(0, 'writeback', 1, { offset: 5000, length: 9000 });
const { id: __, ...reclaim } = makeCall(0, 'reclaim', 1, { offset: 5000, length: 9000 });
const PLANTED = new Map<number, TraceLine>([
  [40, call(40, 'mapwrite', { offset: 70_001, length: 12_345, data: 77, flags: CallFlag.MSYNC })],
  [90, call(90, 'unshare', { offset: 71_000, length: 5001, flags: CallFlag.KEEP_SIZE })],
  [
    91,
    {
      kind: 'directive',
      op: 90,
      point: 'Y-US1',
      nth: 1,
      actions: [
        { kind: 'call', call: reclaim },
        { kind: 'call', call: writeback },
      ],
    },
  ],
]);

test('a planted fault shrinks to the operations and the one action that it needs, with plain arguments', t => {
  const small = shrink(program(PLANTED), fails);
  t.is(
    writeTrace(small),
    [
      '{"format":"iomap-trace","version":1,"fs":"xfs","files":["a"]}',
      '{"op":1,"task":1,"call":"mapwrite","file":"a","offset":0,"length":4096,"data":1}',
      '{"op":2,"task":1,"call":"unshare","file":"a","offset":0,"length":4096}',
      '{"at":{"op":2,"point":"Y-US1","nth":1},"do":[{"writeback":"a"}]}',
      '{"verdict":"clean"}',
      '',
    ].join('\n'),
  );
});

test('the same trace shrinks to the same trace, in the same number of tries', t => {
  const runs = [1, 2].map(() => {
    let tries = 0;
    const small = shrink(program(PLANTED), fails, ({ attempts }) => {
      tries = attempts;
    });
    return [writeTrace(small), tries];
  });
  t.deepEqual(runs[0], runs[1]);
});

test('shrinking what is small already changes nothing more', t => {
  const once = shrink(program(PLANTED), fails);
  t.deepEqual(shrink(once, fails), once);
});

test('two steps that only go together go together', t => {
  const paired = (trace: Trace): boolean => {
    const count = (name: string): number =>
      trace.lines.filter(line => line.kind === 'operation' && line.call.name === name).length;
    return count('write') >= 1 && count('mmap') === count('munmap');
  };
  const planted = new Map([
    [10, call(10, 'mmap', {})],
    [20, call(20, 'munmap', {})],
  ]);
  t.is(countSteps(shrink(program(planted), paired)), 1);
});

test('offsets far out move to the start of the file when that still fails', t => {
  const far = 2 ** 40 + 12_288;
  const planted = new Map([[5, call(5, 'dwrite', { offset: far, length: 512, data: 3 })]]);
  const small = shrink(program(planted), trace =>
    trace.lines.some(
      line => line.kind === 'operation' && line.call.name === 'dwrite' && line.call.offset % 8192 === 4096,
    ),
  );
  const [line] = small.lines;
  t.is(line?.kind === 'operation' ? line.call.offset : -1, 4096);
});

test('a file that only a bio names is not left out', t => {
  const failure = { kind: 'bio', errno: EIO, file: 2, offset: 512, length: 512 } as const;
  const planted = new Map<number, TraceLine>([
    [50, call(50, 'fsync', {})],
    [51, { kind: 'directive', op: 50, point: null, nth: 1, actions: [failure] }],
  ]);
  const small = shrink(program(planted), trace =>
    trace.lines.some(
      line =>
        line.kind === 'directive' && line.actions.some(action => action.kind === 'bio' && action.file === failure.file),
    ),
  );
  t.is(small.header.files.length, 3);
  t.notThrows(() => readTrace(writeTrace(small), 'small'));
});

test('a fault that needs a full device shrinks to few steps on a small device', t => {
  const full = (trace: Trace): boolean => {
    let blocks = 0;
    for (const line of trace.lines)
      if (line.kind === 'operation' && line.call.name === 'falloc') blocks += Math.ceil(line.call.length / 4096);
    return blocks > trace.header.geometry.deviceBlocks;
  };
  const planted = program(new Map());
  const lines = planted.lines.map(
    (line, index): TraceLine => call(index + 1, 'falloc', line.kind === 'operation' ? { length: 4096 * 3 } : {}),
  );
  const header = { ...planted.header, geometry: { ...KERNEL_GEOMETRY, deviceBlocks: 104 } };
  t.true(countSteps(shrink({ ...planted, header, lines }, full)) <= 3);
});
