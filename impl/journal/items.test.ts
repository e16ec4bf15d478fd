import test, { type ExecutionContext } from 'ava';
import { ITEM_BYTES, ItemBuffer, readItems } from './items.js';

/** What is read back of one item: a start and a count each. */
function back(t: ExecutionContext, a: number, count: number): (readonly [number, number])[] {
  const items = new ItemBuffer();
  items.put(2, 1, a, count, -1);
  const bytes = new Uint8Array(items.count * ITEM_BYTES);
  items.copyInto(bytes, 0);
  const read: [number, number][] = [];
  readItems(new DataView(bytes.buffer), 0, items.count, (kind, file, start, n, b) => {
    t.deepEqual([kind, file, b], [2, 1, -1]);
    read.push([start, n]);
  });
  return read;
}

test('counts of 2^32 and more come back as they were put, and so does Infinity', t => {
  for (const count of [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 36 + 3, 2 ** 48 - 2, Infinity])
    t.deepEqual(back(t, 7, count), [[7, count]]);
});

test('what is longer than a count is several items', t => {
  const most = 2 ** 48 - 2;
  t.deepEqual(back(t, 7, most + 1), [
    [7, most],
    [7 + most, 1],
  ]);
  t.deepEqual(back(t, 1, 2 ** 49), [
    [1, most],
    [1 + most, most],
    [1 + 2 * most, 4],
  ]);
});
