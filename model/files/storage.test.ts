/** The sparse storage against a flat array, and files of any size at no cost. */
import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { EFAULT, fillData, LARGEST_FILE, type OperationName } from '../contract/index.js';
import { Session } from './testing/session.js';

const BLOCK = 256;
const step = fc.record({
  name: fc.constantFrom<OperationName>('write', 'truncate', 'punch', 'zero', 'collapse', 'insert', 'copy', 'read'),
  at: fc.nat(39),
  from: fc.nat(39),
  length: fc.nat({ max: 20 }).map(n => n + 1),
  odd: fc.nat(BLOCK - 1),
});

/** What the operations do to plain bytes. */
function simulate(
  file: Uint8Array,
  name: OperationName,
  offset: number,
  length: number,
  from: number,
  tag: number,
): Uint8Array {
  const end = offset + length;
  const grown = (size: number): Uint8Array => {
    const larger = new Uint8Array(Math.max(size, file.length));
    larger.set(file);
    return larger;
  };
  switch (name) {
    case 'write': {
      const next = grown(end);
      fillData(tag, offset, next, offset, length);
      return next;
    }
    case 'truncate':
      return grown(offset).slice(0, offset);
    case 'punch':
      return file.slice().fill(0, offset, end);
    case 'zero':
      return grown(end).fill(0, offset, end);
    case 'collapse':
      return end < file.length ? Uint8Array.from([...file.slice(0, offset), ...file.slice(end)]) : file;
    case 'insert':
      return offset < file.length
        ? Uint8Array.from([...file.slice(0, offset), ...new Uint8Array(length), ...file.slice(offset)])
        : file;
    case 'copy': {
      const n = Math.max(0, Math.min(length, file.length - from));
      if (n === 0 || (offset + n > from && offset < from + n)) return file;
      const next = grown(offset + n);
      next.set(file.slice(from, from + n), offset);
      return next;
    }
    default:
      return file;
  }
}

testProp(
  'random operations leave the bytes that a flat array has',
  [fc.array(step, { minLength: 1, maxLength: 30 })],
  (t, steps) => {
    const s = new Session({ blockSize: BLOCK, pageSize: BLOCK, maxFolioSize: BLOCK, deviceBlocks: 100_000 });
    let flat = new Uint8Array(0) as Uint8Array;
    for (const [i, { name, at, from, length, odd }] of steps.entries()) {
      const whole = name === 'collapse' || name === 'insert';
      const offset = at * BLOCK + (whole ? 0 : odd);
      const bytes = length * BLOCK + (whole || name === 'copy' ? 0 : odd);
      const size = name === 'truncate' ? offset : 0;
      s.do(name, { offset, length: bytes, size, fromOffset: from * BLOCK, data: 1 + i });
      flat = simulate(flat, name, offset, bytes, from * BLOCK, 1 + i);
      t.is(s.model.size(0), flat.length);
      t.is(s.model.differs(0, 0, flat.length, flat, 0), -1, `${name} at ${offset} for ${bytes}`);
    }
  },
);

test('a file of the largest size costs what was written of it', t => {
  const s = new Session();
  s.do('truncate', { size: LARGEST_FILE });
  s.do('write', { offset: LARGEST_FILE - 10, length: 20, data: 1 });
  t.is(s.do('read', { offset: LARGEST_FILE - 10, length: 20 }).count, 10);
  t.is(s.do('seekData', { offset: 0 }).count, LARGEST_FILE - 16);
  t.is(s.do('seekHole', { offset: LARGEST_FILE - 16 }).count, LARGEST_FILE);
  s.do('punch', { offset: 16, length: LARGEST_FILE - 16 });
  t.deepEqual(s.model.state(0).extents, []);
  s.do('write', { offset: 2 ** 40 + 5, length: 30, data: 2 });
  s.do('collapse', { offset: 0, length: 2 ** 40 });
  t.is(s.layout(), '0-48:data');
  s.do('truncate', { size: 48 });
  s.do('insert', { offset: 16, length: 2 ** 52 });
  t.is(s.layout(), `0-16:data ${2 ** 52 + 16}-${2 ** 52 + 48}:data`);
});

test('near the largest size bytes are compared exactly, wherever they lie in memory', t => {
  const s = new Session();
  const [offset, length, index] = [LARGEST_FILE - 33, 33, 2 ** 22 + 1];
  s.do('write', { offset, length, data: 1 });
  const memory = new Uint8Array(2 ** 23);
  fillData(1, offset, memory, index, length);
  t.is(s.model.differs(0, offset, length, memory, index), -1);
  memory[index + 20]! ^= 1;
  t.is(s.model.differs(0, offset, length, memory, index), offset + 20);
});

test('a model that was reset knows nothing of before', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 100, data: 1 });
  s.do('reflink', { offset: 0, length: 0, fromFile: 0 }, 1);
  s.model.reset();
  t.is(s.do('stat').size, 0);
  s.do('truncate', { size: 100 });
  t.deepEqual(s.bytes(0, 100), new Array<number>(100).fill(0));
  t.is(s.layout(), '');
});

test('preallocation moves down with a collapse, also into blocks that were stored to before', t => {
  const s = new Session();
  t.is(s.judge('dwrite', { offset: 3072, length: 16, data: 1, accessible: 1 }, { error: EFAULT }), null);
  s.do('truncate', { size: 3088 });
  s.do('write', { offset: 2048, length: 16, data: 2 });
  s.do('collapse', { offset: 2048, length: 768 });
  const unwritten = (offset: number) => ({ offset, length: 16, type: 'unwritten', shared: false }) as const;
  t.is(s.model.judgeLayout(0, [unwritten(2304)]), null);
  t.not(s.model.judgeLayout(0, [unwritten(2288)]), null);
});
