import { fc, testProp } from '@fast-check/ava';
import { Ranges } from './ranges.js';

const SIZE = 40;
const range = fc.tuple(fc.nat(SIZE), fc.nat(SIZE)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const step = fc.record({ add: fc.boolean(), range });

testProp(
  'a set of ranges holds the bytes that were added and not removed',
  [fc.array(step), range],
  (t, steps, asked) => {
    const ranges = new Ranges();
    const bytes = new Set<number>();
    for (const {
      add,
      range: [from, to],
    } of steps) {
      if (add) ranges.add(from, to);
      else ranges.remove(from, to);
      for (let i = from; i < to; i++) add ? bytes.add(i) : bytes.delete(i);
    }
    const [from, to] = asked;
    const inside = Array.from({ length: to - from }, (_, i) => bytes.has(from + i));
    t.is(ranges.overlaps(from, to), inside.includes(true));
    t.is(ranges.covers(from, to), !inside.includes(false));
    for (let i = 0; i < ranges.count; i++) {
      t.true(ranges.from(i) < ranges.to(i));
      if (i > 0) t.true(ranges.from(i) > ranges.to(i - 1));
    }
  },
);
