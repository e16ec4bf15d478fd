/** What each operation makes of a file, rule by rule, in blocks of 16 bytes and pages of 64. */
import test from 'ava';
import {
  CallFlag,
  EAGAIN,
  EFAULT,
  EFBIG,
  EINVAL,
  ENOSPC,
  ENXIO,
  EOPNOTSUPP,
  LARGEST_FILE,
  taggedByte,
} from '../contract/index.js';
import { Session } from './testing/session.js';

const tagged = (tag: number, from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => taggedByte(tag, from + i));
const zeroes = (n: number): number[] => new Array<number>(n).fill(0);

test('a write behind the end leaves zeroes between and data where it stored', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 5, data: 1 });
  s.do('write', { offset: 40, length: 10, data: 2 });
  t.deepEqual(s.bytes(0, 99), [...tagged(1, 0, 5), ...zeroes(35), ...tagged(2, 40, 50)]);
  t.is(s.layout(), '0-16:data 32-64:data');
});

test('a source that ends early makes a write short, one without a byte fails it', t => {
  const s = new Session();
  t.is(s.do('write', { offset: 0, length: 20, data: 1, accessible: 7 }).count, 7);
  t.is(s.do('stat').size, 7);
  t.is(s.do('write', { offset: 90, length: 20, data: 1, accessible: 0 }).error, EFAULT);
  t.is(s.do('stat').size, 7);
});

test('a write that stops before the end it was to move may have taken the last block out of sharing', t => {
  const layout = (lastIsShared: boolean) =>
    [
      { offset: 0, length: 32, type: 'data', shared: false },
      { offset: 32, length: 16, type: 'data', shared: true },
      { offset: 48, length: 16, type: 'data', shared: lastIsShared },
    ] as const;
  for (const name of ['write', 'dwrite'] as const)
    for (const length of [48, 64]) {
      const s = new Session();
      s.do('write', { offset: 0, length: 57, data: 1 });
      s.do('reflink', { offset: 0, length: 57, fromFile: 0 }, 1);
      s.do(name, { offset: 0, length, data: 2, accessible: 32 });
      s.do('fsync');
      t.is(s.model.judgeLayout(0, layout(true)), null);
      t.is(s.model.judgeLayout(0, layout(false)) === null, length === 64, `${name} of ${length}`);
    }
});

test('what a direct write allocates may end behind the file, where the file is large enough for that', t => {
  const s = new Session({}, { preallocateFrom: 64 });
  const data = { offset: 0, type: 'data', shared: false } as const;
  const spare = { length: 16, type: 'unwritten', shared: false } as const;
  s.do('dwrite', { offset: 0, length: 32, data: 1 });
  t.not(
    s.model.judgeLayout(0, [
      { ...data, length: 32 },
      { ...spare, offset: 32 },
    ]),
    null,
  );
  s.do('dwrite', { offset: 32, length: 32, data: 1 });
  t.is(
    s.model.judgeLayout(0, [
      { ...data, length: 64 },
      { ...spare, offset: 64 },
    ]),
    null,
  );
  // The file grows over it.
  s.do('truncate', { size: 128 });
  t.is(
    s.model.judgeLayout(0, [
      { ...data, length: 64 },
      { ...spare, offset: 64 },
    ]),
    null,
  );
  t.is(s.model.judgeLayout(0, [{ ...data, length: 64 }]), null);
});

test('a mapped store dirties its whole page below the end', t => {
  const s = new Session();
  s.do('truncate', { size: 100 });
  s.do('mapwrite', { offset: 70, length: 1, data: 3 });
  t.is(s.layout(), '64-112:data');
});

test('a mapped store may dirty as much as the largest folio, and no more', t => {
  const s = new Session({ maxFolioSize: 128 });
  s.do('truncate', { size: 512 });
  s.do('mapwrite', { offset: 140, length: 1, data: 3 });
  t.is(s.layout(), '128-192:data');
  const data = (offset: number, length: number) => ({ offset, length, type: 'data', shared: false }) as const;
  t.is(s.model.judgeLayout(0, [data(128, 128)]), null);
  t.not(s.model.judgeLayout(0, [data(112, 144)]), null);
  t.not(s.model.judgeLayout(0, [data(128, 48)]), null);
});

test('stores behind the end are seen through a mapping until the tail is zeroed, and never become content', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 10, data: 1 });
  s.do('mapwrite', { offset: 8, length: 8, data: 2, flags: CallFlag.BEYOND });
  const seen = Uint8Array.from([...tagged(1, 0, 8), ...tagged(2, 8, 16)]);
  t.is(s.judge('mapread', { offset: 0, length: 16 }, { bytes: seen }), null);
  s.do('truncate', { size: 30 });
  t.deepEqual(s.bytes(8, 99), [...tagged(2, 8, 10), ...zeroes(20)]);
});

test('a store into a page wholly behind the end is a bus error', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 10, data: 1 });
  t.is(s.do('mapwrite', { offset: 64, length: 1, data: 2 }).error, EFAULT);
  t.is(s.do('mapread', { offset: 64, length: 1 }).error, EFAULT);
  t.is(s.do('mapread', { offset: 0, length: 64 }).count, 64);
});

test('a mapped store that grows the file makes it as large as the store needs', t => {
  const s = new Session();
  s.do('mapwrite', { offset: 70, length: 9, data: 2, flags: CallFlag.GROW | CallFlag.MSYNC });
  t.is(s.do('stat').size, 79);
  t.is(s.layout(), '64-80:data');
});

test('truncate down frees whole blocks and zeroes the tail, so growing again shows zeroes', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 60, data: 1 });
  s.do('truncate', { size: 20 });
  s.do('truncate', { size: 60 });
  t.deepEqual(s.bytes(16, 99), [...tagged(1, 16, 20), ...zeroes(40)]);
  t.is(s.layout(), '0-32:data');
});

test('falloc makes unwritten of holes only, and grows the file unless it keeps its size', t => {
  const s = new Session();
  s.do('write', { offset: 20, length: 5, data: 1 });
  s.do('falloc', { offset: 10, length: 60, flags: CallFlag.KEEP_SIZE });
  t.is(s.layout(), '0-16:unwritten 16-32:data 32-80:unwritten');
  t.is(s.do('stat').size, 25);
  s.do('falloc', { offset: 10, length: 60 });
  t.is(s.do('stat').size, 70);
});

test('punch frees whole blocks, zeroes the edges, and leaves the size alone', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 60, data: 1 });
  s.do('punch', { offset: 10, length: 30 });
  t.deepEqual(s.bytes(0, 60), [...tagged(1, 0, 10), ...zeroes(30), ...tagged(1, 40, 60)]);
  t.is(s.layout(), '0-16:data 32-64:data');
  s.do('punch', { offset: 32, length: 1000 });
  t.is(s.layout(), '0-16:data');
  t.is(s.do('stat').size, 60);
});

test('zero makes unwritten of whole blocks and preallocates the rest of what it touches', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 48, data: 1 });
  s.do('zero', { offset: 10, length: 60, flags: CallFlag.KEEP_SIZE });
  t.is(s.layout(), '0-16:data 16-80:unwritten');
  t.is(s.do('stat').size, 48);
});

test('collapse and insert move bytes and block states', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 40, data: 1 });
  s.do('falloc', { offset: 48, length: 32 });
  s.do('collapse', { offset: 16, length: 16 });
  t.deepEqual(s.bytes(0, 99), [...tagged(1, 0, 16), ...tagged(1, 32, 40), ...zeroes(40)]);
  t.is(s.layout(), '0-32:data 32-64:unwritten');
  s.do('insert', { offset: 16, length: 32 });
  t.is(s.layout(), '0-16:data 48-64:data 64-96:unwritten');
  t.is(s.do('stat').size, 96);
});

test('seeks follow written blocks, and clean pages over unwritten ones only if they may be cached', t => {
  const s = new Session();
  s.do('falloc', { offset: 0, length: 64 });
  t.is(s.do('seekData', { offset: 0 }).error, ENXIO);
  t.not(s.judge('seekData', { offset: 0 }, { error: 0, count: 0 }), null);
  s.do('read', { offset: 0, length: 16 });
  t.is(s.judge('seekData', { offset: 3 }, { error: 0, count: 3 }), null);
  s.do('dropCaches', { flags: CallFlag.FLUSH });
  s.do('write', { offset: 32, length: 3, data: 1 });
  t.is(s.do('seekData', { offset: 0 }).count, 32);
  t.is(s.do('seekHole', { offset: 35 }).count, 48);
});

test('a write may have brought the rest of its folio into the cache, and nothing farther', t => {
  const s = new Session();
  s.do('falloc', { offset: 0, length: 512 });
  s.do('write', { offset: 290, length: 3, data: 1 });
  t.is(s.do('seekData', { offset: 256 }).count, 288);
  t.is(s.judge('seekData', { offset: 256 }, { error: 0, count: 256 }), null);
  t.not(s.judge('seekData', { offset: 0 }, { error: 0, count: 240 }), null);
});

test('the errno of each single cause is the kernel’s', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 100, data: 1 });
  t.is(s.do('read', { offset: -1, length: 1 }).error, EINVAL);
  t.is(s.do('write', { offset: LARGEST_FILE, length: 1, data: 2 }).error, EFBIG);
  t.is(s.do('truncate', { size: LARGEST_FILE + 1 }).error, EFBIG);
  t.is(s.do('falloc', { offset: 0, length: 0 }).error, EINVAL);
  t.is(s.do('falloc', { offset: LARGEST_FILE, length: 1 }).error, EFBIG);
  t.is(s.do('falloc', { offset: 0, length: 2 ** 40 }).error, ENOSPC);
  t.is(s.do('collapse', { offset: 16, length: 15 }).error, EINVAL);
  t.is(s.do('collapse', { offset: 16, length: 96 }).error, EINVAL);
  t.is(s.do('insert', { offset: 112, length: 16 }).error, EINVAL);
  t.is(s.do('insert', { offset: 0, length: LARGEST_FILE - 16 }).error, EFBIG);
  t.is(s.do('seekHole', { offset: 100 }).error, ENXIO);
  t.is(s.do('seekData', { offset: -1 }).error, ENXIO);
});

test('a clone shares written blocks, makes holes of unwritten ones, and a store breaks the sharing of its block', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 48, data: 1 });
  s.do('falloc', { offset: 48, length: 16 });
  s.do('falloc', { offset: 0, length: 64 }, 1);
  s.do('reflink', { offset: 0, length: 64, fromFile: 0 }, 1);
  t.is(s.layout(1), '0-48:data:shared 48-64:unwritten');
  s.do('write', { offset: 20, length: 1, data: 2 }, 1);
  t.is(s.layout(1), '0-16:data:shared 16-32:data 32-48:data:shared 48-64:unwritten');
  t.is(s.layout(0), '0-16:data:shared 16-32:data 32-48:data:shared 48-64:unwritten');
  t.deepEqual(s.bytes(16, 16, 0), tagged(1, 16, 32));
});

test('a clone is refused when unaligned, when it overlaps itself, and behind the end of its source', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 100, data: 1 });
  t.is(s.do('reflink', { offset: 8, length: 16 }, 0).error, EINVAL);
  t.is(s.do('reflink', { offset: 16, length: 32 }, 0).error, EINVAL);
  t.is(s.do('reflink', { offset: 0, length: 16, fromFile: 0, fromOffset: 112 }, 1).error, EINVAL);
  t.is(s.do('reflink', { offset: 0, length: 17, fromFile: 0 }, 1).error, EINVAL);
  t.is(s.do('reflink', { offset: 0, length: 0, fromFile: 0 }, 1).error, 0);
  t.is(s.do('stat', {}, 1).size, 100);
  const plain = new Session({}, { reflink: false });
  t.is(plain.do('reflink', { offset: 0, length: 16, fromFile: 0 }, 1).error, EOPNOTSUPP);
});

test('dedupe shares equal ranges only, and says when they differ', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 32, data: { byte: 7 } }, 0);
  s.do('write', { offset: 0, length: 32, data: { byte: 7 } }, 1);
  s.do('write', { offset: 0, length: 32, data: { byte: 8 } }, 2);
  t.true(s.do('dedupe', { offset: 0, length: 32, fromFile: 0 }, 2).differs);
  t.is(s.do('dedupe', { offset: 0, length: 32, fromFile: 0 }, 1).count, 32);
  t.is(s.layout(1), '0-32:data:shared');
  t.not(s.judge('dedupe', { offset: 0, length: 32, fromFile: 0 }, { differs: false, count: 32 }, 2), null);
});

test('copy clones whole blocks between aligned offsets, holes included, and writes the rest', t => {
  const s = new Session();
  s.do('truncate', { size: 64 });
  s.do('write', { offset: 32, length: 32, data: 1 });
  s.do('copy', { offset: 0, length: 60, fromFile: 0 }, 1);
  t.is(s.layout(1), '32-48:data:shared 48-64:data');
  s.do('copy', { offset: 1, length: 60, fromFile: 0 }, 2);
  t.is(s.layout(2), '0-64:data');
});

test('unshare gives shared blocks storage of their own and preallocates holes', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 16, data: 1 });
  s.do('truncate', { size: 48 });
  s.do('reflink', { offset: 0, length: 48, fromFile: 0 }, 1);
  s.do('unshare', { offset: 0, length: 48, flags: CallFlag.KEEP_SIZE }, 1);
  t.is(s.layout(1), '0-16:data 16-48:unwritten');
  t.is(s.layout(0), '0-16:data');
});

test('cutting a file inside a shared block copies that block', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 32, data: 1 });
  s.do('reflink', { offset: 0, length: 32, fromFile: 0 }, 1);
  s.do('truncate', { size: 20 }, 1);
  t.is(s.layout(1), '0-16:data:shared 16-32:data');
});

test('direct transfers need sectors where there is data, and only there for reads', t => {
  const s = new Session({ sectorSize: 8 });
  s.do('write', { offset: 0, length: 16, data: 1 });
  s.do('truncate', { size: 64 });
  t.is(s.do('dread', { offset: 3, length: 8 }).error, EINVAL);
  t.is(s.do('dread', { offset: 19, length: 7 }).count, 7);
  t.is(s.do('dread', { offset: 48, length: 64 }).count, 16);
  t.is(s.do('dwrite', { offset: 4, length: 8, data: 2 }).error, EINVAL);
  t.is(s.do('dwrite', { offset: 24, length: 8, data: 2 }).count, 8);
  t.is(s.layout(), '0-32:data');
});

test('an overwrite-only request that would allocate or grow answers EAGAIN and changes nothing', t => {
  const s = new Session();
  s.do('truncate', { size: 64 });
  const flags = CallFlag.OVERWRITE_ONLY;
  t.is(s.do('dwrite', { offset: 0, length: 16, data: 1, flags }).error, EAGAIN);
  t.is(s.layout(), '');
  s.do('write', { offset: 0, length: 16, data: 1 });
  t.is(s.do('dwrite', { offset: 0, length: 16, data: 2, flags }).count, 16);
  t.is(s.do('dwrite', { offset: 48, length: 32, data: 2, flags }).error, EAGAIN);
});

test('NOWAIT may always answer EAGAIN, other calls may not', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 64, data: 1 });
  t.is(s.judge('write', { offset: 0, length: 8, data: 2, flags: CallFlag.NOWAIT }, { error: EAGAIN, count: 0 }), null);
  t.deepEqual(s.bytes(0, 8), tagged(1, 0, 8));
  t.not(s.judge('write', { offset: 0, length: 8, data: 2 }, { error: EAGAIN, count: 0 }), null);
});

test('removing a file leaves an empty one and ends its sharing', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 32, data: 1 });
  s.do('reflink', { offset: 0, length: 32, fromFile: 0 }, 1);
  s.do('remove', {}, 0);
  t.is(s.do('stat', {}, 0).size, 0);
  t.is(s.layout(1), '0-32:data');
  const shared = [{ offset: 0, length: 32, type: 'data', shared: true }] as const;
  t.is(s.model.judgeLayout(1, shared), null, 'the inode is taken apart in the background');
  s.do('remount', {}, 0);
  t.is(s.model.judgeLayout(1, shared)?.id, 'INV-38', 'an unmount waits for it');
});
