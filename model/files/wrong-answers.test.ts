/** Wrong answers are refused, with a sentence that says what is wrong; a checker that cannot fail is worthless. */
import test from 'ava';
import {
  type Answer,
  CallFlag,
  EFAULT,
  EIO,
  ENOSPC,
  type Geometry,
  type ReportedExtent,
  taggedByte,
} from '../contract/index.js';
import { Session } from './testing/session.js';

function prepared(geometry: Partial<Geometry> = {}): Session {
  const s = new Session(geometry);
  s.do('write', { offset: 0, length: 40, data: 1 });
  s.do('falloc', { offset: 64, length: 32 });
  return s;
}

const extent = (logical: number, length: number, more: Partial<ReportedExtent> = {}): ReportedExtent => ({
  logical,
  length,
  physical: 0,
  unwritten: false,
  delalloc: false,
  shared: false,
  inline: false,
  last: false,
  ...more,
});
const right = [extent(0, 48), extent(64, 32, { unwritten: true, last: true })];

test('a count that is one off', t => {
  t.is(prepared().judge('read', { offset: 0, length: 99 }, { count: 95 })?.id, 'INV-36');
  t.is(prepared().judge('write', { offset: 0, length: 10, data: 2 }, { count: 9 })?.id, 'PC-30');
  t.is(prepared().judge('write', { offset: 0, length: 10, data: 2 }, { count: 11 })?.id, 'PC-30');
});

test('a part of an atomic write', t => {
  const short = (flags: number) =>
    prepared().judge('dwrite', { offset: 0, length: 32, data: 2, accessible: 16, flags }, { error: 0, count: 16 })?.id;
  t.is(short(CallFlag.PARTIAL), undefined);
  t.is(short(CallFlag.PARTIAL | CallFlag.ATOMIC), 'INV-51');
});

test('the progress of a direct request whose buffer ends early, without PARTIAL, and an error with it', t => {
  const judge = (name: 'dread' | 'dwrite', offset: number, accessible: number, count: number, flags = 0) => {
    const fields = { offset, length: 32, data: 2, accessible, flags };
    const error = count < 0 ? EFAULT : 0;
    return prepared({ sectorSize: 8 }).judge(name, fields, { error, count: Math.max(0, count) })?.id;
  };
  t.is(judge('dwrite', 0, 24, -1), undefined);
  t.is(judge('dwrite', 0, 24, 24), 'INV-51', 'no zeroes belong behind data that is there');
  t.is(judge('dwrite', 0, 16, 16), 'INV-51');
  t.is(judge('dwrite', 64, 16, 16), 'INV-51', 'the block is complete');
  for (const offset of [64, 96]) {
    t.is(judge('dwrite', offset, 12, -1), undefined);
    t.is(judge('dwrite', offset, 12, 8), undefined, 'zeroes for the rest of the block hide the error (DIO-30)');
    t.is(judge('dwrite', offset, 12, 12), 'INV-51');
    t.is(judge('dwrite', offset, 12, 0), 'INV-51');
  }
  const { PARTIAL } = CallFlag;
  t.is(judge('dwrite', 0, 12, 8, PARTIAL), undefined);
  t.is(judge('dwrite', 0, 12, -1, PARTIAL), 'INV-51');
  t.is(judge('dwrite', 0, 4, -1, PARTIAL), undefined);
  t.is(judge('dread', 64, 12, 8, PARTIAL), undefined);
  t.is(judge('dread', 64, 12, 12, PARTIAL), undefined, 'no sectors are read of what was never written');
  t.is(judge('dread', 64, 12, 4, PARTIAL), 'INV-36');
  t.is(judge('dread', 64, 12, -1, PARTIAL), 'INV-36');
  t.is(judge('dread', 64, 12, 8), 'INV-36');
});

test('a stale byte, told with its writer', t => {
  const s = prepared();
  s.do('punch', { offset: 0, length: 16 });
  const finding = s.judge('read', { offset: 5, length: 1 }, { bytes: Uint8Array.of(taggedByte(1, 5)) });
  t.is(finding?.id, 'INV-30');
  t.regex(finding!.message, /^byte 5 of file 0 shows \d+ = write #1 \(data 1\); expected zero since punch #3$/);
});

test('memory that was never filled, and the device before its first write', t => {
  const s = prepared();
  t.regex(s.judge('read', { offset: 70, length: 1 }, { bytes: Uint8Array.of(0xdd) })!.message, /never filled/);
  t.regex(s.judge('read', { offset: 70, length: 1 }, { bytes: Uint8Array.of(0xee) })!.message, /device block/);
});

test('an errno nothing caused, and success where there is a cause to fail', t => {
  t.not(prepared().judge('read', { offset: 0, length: 9 }, { error: EIO, count: 0 }), null);
  t.not(prepared().judge('write', { offset: 0, length: 9, data: 2 }, { error: ENOSPC, count: 0 }), null);
  t.not(prepared().judge('fsync', {}, { error: EIO }), null);
  t.not(prepared().judge('collapse', { offset: 1, length: 16 }, { error: 0 }), null);
  t.not(prepared().judge('falloc', { offset: 0, length: 2 ** 40 }, { error: 0 }), null);
});

test('a hole reported over data, and data where nothing was stored', t => {
  t.is(prepared().judge('seekHole', { offset: 0 }, { count: 16 })?.id, 'INV-37');
  t.is(prepared().judge('seekData', { offset: 0 }, { count: 64 })?.id, 'INV-37');
  t.is(prepared().judge('seekData', { offset: 48 }, { error: 0, count: 70 })?.id, 'INV-37');
  t.is(prepared().judge('seekHole', { offset: 0 }, { count: 48 }), null);
});

test('a wrong size, and a block count outside what the file can use', t => {
  t.is(prepared().judge('stat', {}, { size: 95 })?.id, 'INV-35');
  t.is(prepared().judge('stat', {}, { blocks512: 99 })?.id, 'INV-10');
});

test('extents that are missing, of the wrong kind, shared without partner, or without LAST', t => {
  const judge = (extents: readonly ReportedExtent[]): Answer['extents'] | string | undefined =>
    prepared().judge('fiemap', { offset: 0, length: 1000, flags: 1 << 6 }, { extents })?.id;
  t.is(judge(right), undefined);
  t.is(judge([extent(0, 48, { last: true })]), 'INV-38');
  t.is(judge([extent(0, 48, { unwritten: true }), right[1]!]), 'INV-38');
  t.is(judge([extent(0, 48, { shared: true }), right[1]!]), 'INV-38');
  t.is(judge([extent(0, 64), right[1]!]), 'INV-38');
  t.is(judge([extent(0, 40), right[1]!]), 'INV-15');
  t.is(judge([right[0]!, { ...right[1]!, last: false }]), 'FM-03');
  t.is(judge([extent(0, 32), extent(16, 32), right[1]!]), 'FM-06');
});

test('bytes behind the end that nobody stored, seen through a mapping', t => {
  const s = new Session();
  s.do('write', { offset: 0, length: 10, data: 1 });
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 10; i++) bytes[i] = taggedByte(1, i);
  t.is(s.judge('mapread', { offset: 0, length: 16 }, { bytes: bytes.slice() }), null);
  bytes[12] = 7;
  t.is(s.judge('mapread', { offset: 0, length: 16 }, { bytes })?.id, 'INV-27');
});

test('an error told though none happened, and more bytes than a direct write was asked for', t => {
  t.is(prepared().judge('fsync', {}, { error: EIO })?.id, 'INV-48');
  t.is(prepared().judge('dwrite', { offset: 0, length: 16, data: 2 }, { count: 32 })?.id, 'INV-51');
});

test('cached bytes that no reader may see', t => {
  const { model } = prepared();
  const memory = new Uint8Array(96);
  for (let i = 0; i < 40; i++) memory[i] = taggedByte(1, i);
  t.is(model.differs(0, 0, 96, memory, 0), -1);
  memory[40] = 1;
  t.is(model.differs(0, 0, 96, memory, 0), 40);
  t.regex(model.explain(0, 40, 1), /^byte 40 of file 0 shows 1.*; expected zero/);
  t.regex(model.explain(0, 200, 1), /the file ends at 96/);
});
