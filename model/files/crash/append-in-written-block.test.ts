/**
 * An append inside a block that nothing was synced of: where recovery maps the block as written and the size takes the
 * append in, its bytes are there; zeroes only show in a block that was not converted (CR-41, WB-26).
 */
import test from 'ava';
import { CrashSession } from '../testing/crash-session.js';
import { USUAL } from '../testing/session.js';

const A = 0x41;
const B = 0x42;
const fill = (byte: number) => ({ byte });

function appended(): CrashSession {
  const it = new CrashSession(USUAL);
  it.do('write', { offset: 0, length: 100, data: fill(A) });
  it.do('write', { offset: 100, length: 100, data: fill(B) });
  return it;
}

const both = [
  [A, 100],
  [B, 100],
] as const;

test('the size before the append, or after it with its bytes', t => {
  const it = appended();
  t.is(it.crash({ 0: [[A, 100]] })?.message ?? null, null);
  t.is(it.crash({ 0: both })?.message ?? null, null);
});

test('the size after the append with zeroes in a block that was written is forbidden', t => {
  const it = appended();
  const zeroes = it.crash({
    0: [
      [A, 100],
      [0, 100],
    ],
  });
  t.regex(zeroes?.message ?? '', /byte 100 of file 0 shows zero/);
  t.is(it.crash({ 0: [[null, 200]] })?.message ?? null, null, 'a block that was not converted');
});

test('a later size says nothing of the block before: its ioend may be the last', t => {
  const it = appended();
  it.do('write', { offset: 4096, length: 4096, data: fill(B) });
  const late = it.crash({
    0: [
      [A, 100],
      [0, 3996],
      [B, 4096],
    ],
  });
  t.is(late?.message ?? null, null);
});
