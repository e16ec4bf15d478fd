import test from 'ava';
import { CallFlag, EIO, ENOSPC, makeCall, type OperationName, taggedByte } from '../../model/contract/index.js';
import type { Event } from './history.js';
import { boundCalls, canBeOrdered, smallestUnordered } from './search.js';

/** Calls are told as name, [start, end] in time, fields, and what they answered. */
function event(
  id: number,
  name: OperationName,
  [start, end]: readonly [number, number],
  fields: Readonly<Partial<Record<'offset' | 'length' | 'size' | 'data' | 'flags', number>>>,
  answer: Partial<Pick<Event, 'count' | 'error' | 'bytes' | 'size'>> = {},
): Event {
  const call = makeCall(id, name, 0, { task: id, ...fields });
  return { call, start, end, error: 0, count: 0, bytes: new Uint8Array(0), size: 0, atomic: true, ...answer };
}

function tagged(tag: number, offset: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => taggedByte(tag, offset + i));
}

const write = (id: number, time: readonly [number, number], offset: number, length: number, data: number): Event =>
  event(id, 'write', time, { offset, length, data }, { count: length, bytes: tagged(data, offset, length) });
const read = (id: number, time: readonly [number, number], offset: number, length: number, bytes: Uint8Array): Event =>
  event(id, 'read', time, { offset, length }, { count: bytes.length, bytes });
const stat = (id: number, time: readonly [number, number], size: number): Event =>
  event(id, 'stat', time, {}, { size });

function ordered(size: number, ...events: readonly Event[]): boolean {
  const history = { size, steady: true, events };
  return canBeOrdered(history, boundCalls(history));
}

test('calls that overlap may take effect in either order', t => {
  t.true(ordered(0, write(1, [1, 4], 0, 8, 1), read(2, [2, 3], 0, 8, new Uint8Array(0))));
  t.true(ordered(0, write(1, [1, 4], 0, 8, 1), read(2, [2, 3], 0, 8, tagged(1, 0, 8))));
});

test('a call that answered before another began comes before it', t => {
  t.false(ordered(0, write(1, [1, 2], 0, 8, 1), read(2, [3, 4], 0, 8, new Uint8Array(0))));
});

test('a read that sees half of a write cannot be ordered', t => {
  t.false(ordered(0, write(1, [1, 4], 0, 8, 1), read(2, [2, 3], 0, 8, tagged(1, 0, 4))));
});

test('two reads must see two writes in one order', t => {
  const writes = [write(6, [0, 0.5], 0, 8, 3), write(1, [1, 8], 0, 8, 1), write(2, [2, 9], 0, 8, 2)];
  const reads = (one: number, other: number): Event[] => [
    read(3, [3, 4], 0, 8, tagged(one, 0, 8)),
    read(4, [5, 6], 0, 8, tagged(other, 0, 8)),
  ];
  t.true(ordered(8, ...writes, ...reads(1, 2)));
  t.true(ordered(8, ...writes, ...reads(2, 1)));
  const third = read(5, [7, 7.5], 0, 8, tagged(1, 0, 8));
  t.false(ordered(8, ...writes, ...reads(1, 2), third));
});

test('the smallest set is named: what has no part in the contradiction is left out', t => {
  const torn = read(2, [2, 3], 0, 8, tagged(1, 0, 4));
  const history = {
    size: 0,
    steady: true,
    events: [
      write(1, [1, 6], 0, 8, 1),
      torn,
      read(3, [4, 5], 0, 8, tagged(1, 0, 8)),
      stat(4, [7, 8], 8),
      event(5, 'fsync', [1, 9], {}),
    ],
  };
  t.deepEqual(
    smallestUnordered(history)?.map(({ call }) => call.id),
    [1, 2],
  );
});

test('sizes are judged: a growing write and a truncate leave one of two sizes', t => {
  const calls = [write(1, [1, 4], 0, 64, 1), event(2, 'truncate', [2, 3], { size: 16 })];
  t.true(ordered(0, ...calls, stat(3, [5, 6], 16)));
  t.true(ordered(0, ...calls, stat(3, [5, 6], 64)));
  t.false(ordered(0, ...calls, stat(3, [5, 6], 48)));
});

test('a call that failed may have done a part; a write has not, unless its sync failed', t => {
  const half = Uint8Array.from(tagged(1, 0, 8), (value, i) => (i < 4 ? 0 : value));
  const torn = (failed: Event): boolean => ordered(8, write(1, [1, 2], 0, 8, 1), failed, read(3, [5, 6], 0, 8, half));
  const range = { offset: 0, length: 8 };
  t.true(torn(event(2, 'zero', [3, 4], range, { error: ENOSPC })));
  t.false(torn(event(2, 'fsync', [3, 4], range, { error: EIO })));
  const synced = (flags: number): Event => event(2, 'write', [3, 4], { ...range, data: 2, flags }, { error: EIO });
  const seen = read(3, [5, 6], 0, 8, tagged(2, 0, 8));
  t.true(ordered(8, write(1, [1, 2], 0, 8, 1), synced(CallFlag.DSYNC), seen));
  t.false(ordered(8, write(1, [1, 2], 0, 8, 1), synced(0), seen));
});

test('bytes that change by themselves are not compared, sizes are', t => {
  const events = [
    read(1, [1, 4], 0, 8, tagged(1, 0, 8)),
    read(2, [5, 6], 0, 8, tagged(2, 0, 8)),
    read(3, [7, 8], 0, 8, tagged(2, 0, 7)),
  ];
  const among = (steady: boolean, ...some: readonly Event[]): boolean =>
    canBeOrdered({ size: 8, steady, events: some }, boundCalls({ size: 8, steady, events: some }));
  t.false(among(true, ...events.slice(0, 2)));
  t.true(among(false, ...events.slice(0, 2)));
  t.false(among(false, ...events));
});

test('a call that nobody overlaps takes effect as a whole', t => {
  const calls = [write(1, [1, 4], 0, 64, 1), event(2, 'truncate', [2, 3], { size: 16 })];
  t.false(ordered(0, ...calls, { ...stat(3, [5, 6], 48), atomic: false }));
  t.true(ordered(0, ...calls, { ...stat(3, [3.5, 6], 48), atomic: false }));
});

test('a read of many bytes that saw a part of a write cannot be ordered, wherever the part begins', t => {
  const length = 65_536;
  for (const edge of [512, 4_096, 61_440]) {
    const older = tagged(2, 0, length);
    const torn = Uint8Array.from(tagged(1, 0, length), (value, i) => (i < edge ? value : older[i]!));
    const writes = [write(1, [1, 2], 0, length, 2), write(2, [3, 6], 0, length, 1)];
    t.true(ordered(length, ...writes, read(3, [4, 5], 0, length, older)));
    t.false(ordered(length, ...writes, read(3, [4, 5], 0, length, torn)), `${edge}`);
  }
});

test('a call that is not atomic may do what it does at any time', t => {
  const mapped = { ...event(1, 'mapwrite', [1, 4], { offset: 0, length: 8, data: 1 }), atomic: false };
  const torn = Uint8Array.from(tagged(1, 0, 8), (value, i) => (i < 4 ? value : 0));
  t.true(ordered(8, mapped, read(2, [2, 3], 0, 8, torn)));
  t.true(ordered(8, mapped, read(2, [2, 3], 0, 8, tagged(1, 0, 8))));
});
