import test from 'ava';
import { LARGEST_FILE, OPERATION_NAMES, type OperationName } from '../../model/contract/index.js';
import type { Fields } from './decoders.js';
import { mistake } from './mistakes.js';

const BITS = 2 ** 16;
const meant: Fields = { offset: 32, length: 16, size: 8, fromFile: 0, fromOffset: 64, accessible: -1, flags: 0 };

/** What becomes of a call with each sixteen bits, where it is a mistake. */
function mistakesOf(name: OperationName): Fields[] {
  const made: Fields[] = [];
  for (let bits = 0; bits < BITS; bits++) {
    const fields = { ...meant };
    if (mistake(OPERATION_NAMES.indexOf(name), bits, fields)) made.push(fields);
  }
  return made;
}

test('about one call in 256 is a mistake, of each kind that it can be', t => {
  const made = mistakesOf('reflink');
  t.true(made.length > BITS / 512 && made.length < BITS / 128, `${made.length}`);
  const some = (of: readonly Fields[], is: (fields: Fields) => boolean): boolean => t.true(of.some(is));
  some(made, ({ length }) => length === 0);
  some(made, ({ offset }) => offset < 0);
  some(made, ({ offset }) => offset === LARGEST_FILE);
  some(made, ({ fromOffset }) => fromOffset === LARGEST_FILE);
  some(mistakesOf('truncate'), ({ size }) => size < 0);
  some(mistakesOf('truncate'), ({ size }) => size > LARGEST_FILE);
});

test('a mistake is of something that the call has', t => {
  for (const { offset, length, fromOffset } of mistakesOf('truncate'))
    t.deepEqual({ offset, length, fromOffset }, { offset: 32, length: 16, fromOffset: 64 });
  for (const { fromOffset } of mistakesOf('write')) t.is(fromOffset, 64);
});

test('neither the background nor calls without a range make mistakes', t => {
  for (const name of ['writeback', 'reclaim', 'fsync', 'remount'] as const) t.deepEqual(mistakesOf(name), []);
});
