import test from 'ava';
import { makeCall, type OperationName, taggedByte } from '../../model/contract/index.js';
import type { Event } from './history.js';
import { boundCalls, canBeOrdered, smallestUnordered } from './search.js';

/** Calls are told as name, [start, end] in time, fields, and what they answered. */
function event(
  id: number,
  name: OperationName,
  [start, end]: readonly [number, number],
  fields: Readonly<Partial<Record<'offset' | 'length' | 'size' | 'data', number>>>,
  answer: Partial<Pick<Event, 'count' | 'error' | 'bytes' | 'size'>> = {},
): Event {
  const call = makeCall(id, name, 0, { task: id, ...fields });
  return { call, start, end, error: 0, count: 0, bytes: new Uint8Array(0), size: 0, atomic: true, ...answer };
}

function tagged(tag: number, offset: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => taggedByte(tag, offset + i));
}

const write = (id: number, time: readonly [number, number], offset: number, length: number, data: number): Event =>
  event(id, 'write', time, { offset, length, data }, { count: length });
const read = (id: number, time: readonly [number, number], offset: number, length: number, bytes: Uint8Array): Event =>
  event(id, 'read', time, { offset, length }, { count: bytes.length, bytes });
const stat = (id: number, time: readonly [number, number], size: number): Event =>
  event(id, 'stat', time, {}, { size });

function ordered(size: number, ...events: readonly Event[]): boolean {
  const history = { size, events };
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

test('a call that is not atomic may do what it does at any time', t => {
  const mapped = { ...event(1, 'mapwrite', [1, 4], { offset: 0, length: 8, data: 1 }), atomic: false };
  const torn = Uint8Array.from(tagged(1, 0, 8), (value, i) => (i < 4 ? value : 0));
  t.true(ordered(8, mapped, read(2, [2, 3], 0, 8, torn)));
  t.true(ordered(8, mapped, read(2, [2, 3], 0, 8, tagged(1, 0, 8))));
});
