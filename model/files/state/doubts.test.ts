import { fc, testProp } from '@fast-check/ava';
import { Doubts } from './doubts.js';

const FAR = 2 ** 40;
const place = fc.integer({ min: 0, max: 1500 });
const step = fc.oneof(
  fc.record({ do: fc.constant('add' as const), at: place, value: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ do: fc.constant('forget' as const), at: place, length: fc.integer({ min: 0, max: 700 }) }),
  fc.record({ do: fc.constant('shift' as const), at: place, distance: fc.integer({ min: 0, max: 600 }) }),
  fc.record({ do: fc.constant('copy' as const), at: place, length: fc.integer({ min: 0, max: 700 }) }),
);

testProp(
  'what bytes may be besides is kept like in a table of sets',
  [fc.array(step, { maxLength: 40 })],
  (t, steps) => {
    const doubts = new Doubts();
    let table = new Map<number, Set<number>>();
    const add = (at: number, value: number): void => void table.set(at, (table.get(at) ?? new Set()).add(value));
    for (const { at: offset, ...rest } of steps) {
      const at = FAR + offset;
      if (rest.do === 'add') {
        doubts.add(at, rest.value);
        add(at, rest.value);
      } else if (rest.do === 'forget') {
        doubts.forget(at, at + rest.length, byte => byte % 7 === 0);
        for (const byte of [...table.keys()])
          if (byte >= at && byte < at + rest.length && byte % 7 !== 0) table.delete(byte);
      } else if (rest.do === 'shift') {
        doubts.shift(at, rest.distance);
        table = new Map([...table].map(([byte, values]) => [byte < at ? byte : byte + rest.distance, values]));
      } else {
        const others = new Doubts();
        doubts.copyTo(others, at, at + rest.length, 333);
        others.copyTo(doubts, 0, Number.POSITIVE_INFINITY, 0);
        for (const [byte, values] of [...table])
          if (byte >= at && byte < at + rest.length) for (const value of values) add(byte + 333, value);
      }
    }
    const kept = new Map<number, Set<number>>();
    doubts.each(0, Number.POSITIVE_INFINITY, (at, value) => void kept.set(at, (kept.get(at) ?? new Set()).add(value)));
    t.deepEqual(
      [...kept].sort(([a], [b]) => a - b),
      [...table].sort(([a], [b]) => a - b),
    );
    t.is(doubts.some, table.size > 0);
    const memory = new Uint8Array(64).fill(1);
    for (const at of [...table.keys()].slice(0, 3)) {
      let n = 0;
      while (n < 64 && Math.floor((at + n) / 512) === Math.floor(at / 512) && table.get(at + n)?.has(1) === true) n++;
      t.is(doubts.matching(at, 64, memory, 0), n);
      t.true(doubts.has(at));
      t.true(doubts.within(at - 5, at + 1));
    }
  },
);
