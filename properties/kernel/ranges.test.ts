/** The range map against a plain array of values. */
import { fc, testProp } from '@fast-check/ava';
import { RangeMap } from './ranges.js';

const SIZE = 24;
const range = fc.tuple(fc.nat(SIZE - 1), fc.integer({ min: 1, max: SIZE })).map(([start, length]) => ({
  start,
  end: Math.min(SIZE, start + length),
}));

testProp(
  'a range map says of every place what an array would',
  [fc.array(fc.record({ range, value: fc.option(fc.nat(3)) }), { minLength: 1, maxLength: 30 }), range],
  (t, steps, asked) => {
    const map = new RangeMap<number>();
    const plain: (number | null)[] = new Array<number | null>(SIZE).fill(null);
    for (const { range: r, value } of steps) {
      if (value === null) map.delete(r.start, r.end);
      else map.set(r.start, r.end, value);
      plain.fill(value, r.start, r.end);
    }
    t.deepEqual(
      plain.map((_value, at) => map.at(at)?.value ?? null),
      plain,
    );
    const part = plain.slice(asked.start, asked.end);
    t.is(
      map.covers(asked.start, asked.end),
      part.every(value => value !== null),
    );
    const all = map.overlapping(0, SIZE);
    t.deepEqual(
      map.before(asked.start),
      all.findLast(r => r.start < asked.start),
    );
    t.deepEqual(
      map.behind(asked.start),
      all.find(r => r.end > asked.start),
    );
    t.deepEqual(
      map.overlapping(asked.start, asked.end).every(r => r.start < asked.end && r.end > asked.start),
      true,
    );
  },
);
