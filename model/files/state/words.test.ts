import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { equalWords, wordsOf, zeroWords } from './words.js';

const memory = fc.uint8Array({ minLength: 64, maxLength: 64, max: 1 });
const place = fc.nat(32);

testProp('words never call equal what is not', [memory, place, memory, place, fc.nat(32)], (t, a, i, b, j, n) => {
  const equal = equalWords(wordsOf(a), i, wordsOf(b), j, n);
  t.true(equal <= n && equal % 4 === 0);
  t.deepEqual(a.subarray(i, i + equal), b.subarray(j, j + equal));
  const next = (bytes: Uint8Array, at: number): string => bytes.subarray(at + equal, at + equal + 4).join();
  if (i % 4 === 0 && j % 4 === 0 && equal + 4 <= n) t.not(next(a, i), next(b, j));
});

testProp('words never call zero what is not', [memory, place, fc.nat(32)], (t, a, i, n) => {
  const zeroes = zeroWords(wordsOf(a), i, n);
  t.true(zeroes <= n && zeroes % 4 === 0);
  t.true(a.subarray(i, i + zeroes).every(byte => byte === 0));
  if (i % 4 === 0 && zeroes + 4 <= n) t.true(a.subarray(i + zeroes, i + zeroes + 4).some(byte => byte !== 0));
});

test('each memory has its own words, and those of memory that is not aligned are not had', t => {
  const memories = Array.from({ length: 20 }, (_, fill) => new Uint8Array(8).fill(fill));
  for (const [fill, bytes] of [...memories, ...memories].entries())
    t.deepEqual([...wordsOf(bytes)], Array(2).fill((fill % 20) * 0x01010101));
  t.is(wordsOf(new Uint8Array(16).subarray(1)).length, 0);
});
