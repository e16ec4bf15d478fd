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

test('about one call in 256 is a mistake, of each kind', t => {
  const made = mistakesOf('write');
  t.true(made.length > BITS / 512 && made.length < BITS / 128, `${made.length}`);
  const some = (is: (fields: Fields) => boolean): boolean => t.true(made.some(is));
  some(({ length }) => length === 0);
  some(({ offset, size }) => offset < 0 && size < 0);
  some(({ offset, size }) => offset === LARGEST_FILE && size > LARGEST_FILE);
  some(({ fromOffset }) => fromOffset === LARGEST_FILE);
});

test('neither the background nor calls without a range make mistakes', t => {
  for (const name of ['writeback', 'reclaim', 'fsync', 'remount'] as const) t.deepEqual(mistakesOf(name), []);
});
