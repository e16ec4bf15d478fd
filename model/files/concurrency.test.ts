/** Overlapping calls and injected failures: what they permit, and what not. */
import test from 'ava';
import { CallFlag, EINVAL, EIO, ENOMEM, makeCall, taggedByte } from '../contract/index.js';
import { Session } from './testing/session.js';

const byte = (tag: number, at: number): Uint8Array => Uint8Array.of(taggedByte(tag, at));

test('a mapped store inside a write leaves either value, and the one that is seen stays', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 64, data: 1 });
  const write = s.call('write', { offset: 0, length: 64, data: 2 });
  s.do('mapwrite', { offset: 10, length: 2, data: 3 });
  t.is(s.respond(write, {}), null);
  t.is(s.judge('read', { offset: 10, length: 1 }, { bytes: byte(3, 10) }), null);
  t.not(s.judge('read', { offset: 10, length: 1 }, { bytes: byte(2, 10) }), null);
  t.is(s.judge('read', { offset: 11, length: 1 }, { bytes: byte(2, 11) }), null);
  t.not(s.judge('read', { offset: 11, length: 1 }, { bytes: byte(3, 11) }), null);
  t.not(s.judge('read', { offset: 12, length: 1 }, { bytes: byte(1, 12) }), null);
});

test('a read that overlaps a write may see it byte for byte or not', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 8, data: 1 });
  const write = s.call('write', { offset: 0, length: 8, data: 2 });
  const mixed = Uint8Array.of(taggedByte(2, 0), taggedByte(1, 1));
  t.is(s.judge('read', { offset: 0, length: 2 }, { bytes: mixed }), null);
  t.not(s.judge('read', { offset: 0, length: 2 }, { bytes: Uint8Array.of(taggedByte(3, 0), mixed[1]!) }), null);
  t.is(s.respond(write, {}), null);
  t.not(s.judge('read', { offset: 0, length: 2 }, { bytes: mixed }), null);
});

test('a read that overlaps a growing write may end at either size', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 8, data: 1 });
  const write = s.call('write', { offset: 8, length: 8, data: 2 });
  t.is(s.judge('read', { offset: 0, length: 99 }, { count: 8 }), null);
  const all = Uint8Array.from({ length: 16 }, (_, i) => taggedByte(i < 8 ? 1 : 2, i));
  t.is(s.judge('read', { offset: 0, length: 99 }, { count: 16, bytes: all }), null);
  t.is(s.respond(write, {}), null);
  t.not(s.judge('read', { offset: 0, length: 99 }, { count: 8 }), null);
});

test('an injected failure permits its errno for its call, and for no other', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 64, data: 1 });
  const call = s.call('read', { offset: 0, length: 64 });
  s.model.effect({ kind: 'fault', choice: 'folio-allocation', call, bio: null });
  t.is(s.respond(call, { error: ENOMEM, count: 0 }), null);
  t.not(s.judge('read', { offset: 0, length: 64 }, { error: ENOMEM, count: 0 }), null);
});

test('an error of writeback is reported once by each descriptor that was open', t => {
  const s = new Session();
  s.do('open');
  s.do('write', { offset: 0, length: 64, data: 1 });
  s.model.effect({ kind: 'fault', choice: 'bio-status', call: makeCall(900, 'writeback', 0), bio: null });
  t.is(s.judge('fsync', {}, { error: EIO }), null);
  t.is(s.judge('fsync', {}, { error: EIO }), null);
  t.not(s.judge('fsync', {}, { error: EIO }), null);
});

test('what failed writeback lost may show an older version, but nothing that is not the file’s', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 64, data: 1 });
  s.do('fsync');
  s.do('write', { offset: 0, length: 16, data: 2 });
  s.model.effect({ kind: 'fault', choice: 'bio-status', call: makeCall(900, 'writeback', 0), bio: null });
  t.is(s.judge('read', { offset: 0, length: 1 }, { bytes: byte(1, 0) }), null);
  t.not(s.judge('read', { offset: 0, length: 1 }, { bytes: Uint8Array.of(0xee) }), null);
  t.not(s.judge('read', { offset: 16, length: 1 }, { bytes: byte(2, 16) }), null);
});

test('what writeback had no mapping for may be lost, in its file, and is reported by each descriptor', t => {
  const s = new Session();
  for (const file of [0, 1]) {
    s.do('write', { offset: 0, length: 64, data: 1 }, file);
    s.do('fsync', {}, file);
    s.do('write', { offset: 0, length: 64, data: 2 }, file);
  }
  // The call is about file 0; what was written back beside it is file 1.
  const call = s.call('read', { offset: 0, length: 1 });
  s.model.effect({ kind: 'fault', choice: 'writeback-map', call, bio: null, file: 1 });
  t.is(s.respond(call, { bytes: byte(2, 0) }), null);
  t.not(s.judge('read', { offset: 0, length: 1 }, { bytes: byte(1, 0) }), null);
  t.is(s.judge('read', { offset: 0, length: 1 }, { bytes: byte(1, 0) }, 1), null);
  t.not(s.judge('fsync', {}, { error: EIO }), null);
  t.is(s.judge('fsync', {}, { error: EIO }, 1), null);
  t.not(s.judge('fsync', {}, { error: EIO }, 1), null);
});

test('a direct write that failed may have changed what it overwrote, and nothing else', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 32, data: 1 });
  s.do('truncate', { size: 64 });
  const call = s.call('dwrite', { offset: 16, length: 32, data: 2 });
  s.model.effect({ kind: 'fault', choice: 'bio-status', call, bio: null });
  t.is(s.respond(call, { error: EIO, count: 0 }), null);
  t.is(s.judge('dread', { offset: 16, length: 16 }, {}), null);
  t.not(s.judge('dread', { offset: 32, length: 16 }, { bytes: new Uint8Array(16).fill(3) }), null);
});

test('a collapse that failed may have moved the preallocation behind the end, and put none elsewhere', t => {
  const after = (offset: number): boolean => {
    const s = new Session();
    s.do('falloc', { offset: 64, length: 16, flags: CallFlag.KEEP_SIZE });
    s.do('write', { offset: 0, length: 24, data: 1 });
    const call = s.call('collapse', { offset: 0, length: 16 });
    s.model.effect({ kind: 'fault', choice: 'folio-allocation', call, bio: null });
    t.is(s.respond(call, { error: ENOMEM, count: 0 }), null);
    return s.model.judgeLayout(0, [{ offset, length: 16, type: 'unwritten', shared: false }]) === null;
  };
  t.deepEqual([32, 48, 64, 80].map(after), [false, true, true, false]);
});

test('a truncate that failed may keep space for a copy, where the block it ends in is shared', t => {
  const reserves = (size: number): boolean => {
    const s = new Session();
    s.do('write', { offset: 0, length: 32, data: 1 });
    s.do('reflink', { offset: 64, length: 16, fromOffset: 16 });
    const call = s.call('truncate', { size });
    s.model.effect({ kind: 'fault', choice: 'folio-allocation', call, bio: null });
    t.is(s.respond(call, { error: ENOMEM, count: 0 }), null);
    return s.model.hasCopyOnWrite(0);
  };
  t.deepEqual([8, 24, 72].map(reserves), [false, true, true]);
});

test('a write that syncs reports what writeback lost', t => {
  const s = new Session();
  const call = s.call('write', { offset: 0, length: 16, data: 1, flags: CallFlag.DSYNC });
  s.model.effect({ kind: 'fault', choice: 'bio-status', call, bio: null });
  t.is(s.respond(call, { error: EIO, count: 0 }), null);
  t.is(s.do('stat').error, 0);
});

test('a folio that an open mapped store dirties may hide a direct write that has been answered, and no older value', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 64, data: 1 });
  s.do('write', { offset: 0, length: 64, data: 2 });
  const direct = s.call('dwrite', { offset: 0, length: 32, data: 3 });
  const mapped = s.call('mapwrite', { offset: 40, length: 2, data: 4 });
  t.is(s.respond(direct, { count: 32 }), null);
  t.is(s.judge('read', { offset: 10, length: 1 }, { bytes: byte(2, 10) }), null);
  t.is(s.judge('read', { offset: 10, length: 1 }, { bytes: byte(3, 10) }), null);
  t.not(s.judge('read', { offset: 10, length: 1 }, { bytes: byte(1, 10) }), null);
  t.is(s.respond(mapped, { count: 2 }), null);
});

test('a mapped store may meet the size that an open write gives the file', t => {
  const s = new Session();
  const write = s.call('write', { offset: 100, length: 60, data: 2 });
  t.is(s.judge('mapwrite', { offset: 101, length: 1, data: 3 }, { error: 0, count: 1 }), null);
  t.is(s.respond(write, {}), null);
  t.is(s.judge('read', { offset: 101, length: 1 }, { bytes: byte(3, 101) }), null);
  const data = (offset: number, length: number) => ({ offset, length, type: 'data', shared: false }) as const;
  t.is(s.model.judgeLayout(0, [data(96, 64)]), null);
  t.is(s.model.judgeLayout(0, [data(64, 96)]), null);
  t.not(s.model.judgeLayout(0, [data(48, 112)]), null);
});

test('background work overlaps a write without being one', t => {
  const s = new Session();
  const write = s.call('write', { offset: 0, length: 60, data: 2 });
  t.is(s.judge('writeback', { offset: 0, length: 100 }, {}), null);
  t.is(s.judge('reclaim', { offset: 0, length: 100 }, {}), null);
  t.is(s.respond(write, {}), null);
  t.not(s.judge('read', { offset: 0, length: 1 }, { bytes: Uint8Array.of(0) }), null);
});

test('the cache may show what an open call stores, before it is answered', t => {
  const s = new Session();
  const write = s.call('write', { offset: 0, length: 2, data: 2 });
  t.is(s.model.differs(0, 0, 2, Uint8Array.of(taggedByte(2, 0), 0), 0), -1);
  t.is(s.model.differs(0, 0, 2, Uint8Array.of(taggedByte(3, 0), 0), 0), 0);
  t.is(s.respond(write, {}), null);
  t.is(s.model.differs(0, 0, 2, Uint8Array.of(taggedByte(2, 0), 0), 0), 1);
});

test('a dedupe beside a truncate of its source may find the range cut; one beside a truncate of a third file may not', t => {
  for (const cut of [1, 2]) {
    const s = new Session();
    for (const file of [0, 1, 2]) s.do('write', { offset: 0, length: 64, data: 1 }, file);
    const truncate = s.call('truncate', { size: 16 }, cut);
    const found = s.judge('dedupe', { length: 64, fromFile: 1 }, { error: EINVAL, count: 0 });
    t.is(found === null, cut === 1);
    t.is(s.respond(truncate, {}), null);
  }
});

test('a collapse between the pages of a mapped store moves what was stored, and leaves what was behind', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 128, data: 1 });
  const store = s.call('mapwrite', { offset: 64, length: 32, data: 2 });
  s.do('collapse', { offset: 0, length: 16 });
  t.is(s.respond(store, {}), null);
  const may = (offset: number, value: number): boolean => {
    const bytes = Uint8Array.of(value);
    return s.model.differs(0, offset, 1, bytes, 0) < 0;
  };
  // Stored before and moved; stored afterwards; not stored to, because it came there afterwards.
  t.true(may(48, taggedByte(2, 64)));
  t.true(may(64, taggedByte(2, 64)));
  t.true(may(64, taggedByte(1, 80)));
  t.false(may(64, taggedByte(1, 64)));
  t.false(may(96, taggedByte(2, 64)));
});

test('a clone that is refused moves nothing', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 64, data: 1 });
  const store = s.call('mapwrite', { offset: 0, length: 16, data: 2 });
  t.is(s.judge('reflink', { offset: 24, length: 16, fromOffset: 0 }, { error: EINVAL, count: 0 }), null);
  t.is(s.respond(store, {}), null);
  t.not(s.judge('read', { offset: 24, length: 1 }, { bytes: byte(2, 0) }), null);
});
