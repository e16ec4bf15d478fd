import test from 'ava';
import { CallFlag, makeCall } from '../../model/contract/index.js';
import { isAlone } from './alone.js';

test('what no lock orders is alone, and nothing else that the target orders', t => {
  for (const name of ['copy', 'remove', 'remount'] as const) t.true(isAlone(makeCall(1, name, 0), true));
  for (const name of ['read', 'write', 'dwrite', 'truncate', 'collapse', 'dedupe', 'sync'] as const)
    t.false(isAlone(makeCall(1, name, 0), true));
});

test('what moves or shares blocks is alone where the target tells of no order', t => {
  for (const name of ['collapse', 'insert', 'unshare', 'reflink', 'dedupe'] as const)
    t.true(isAlone(makeCall(1, name, 0, { length: 16 }), false));
  t.false(isAlone(makeCall(1, 'write', 0), false));
});

test('what takes the size of a moment is alone', t => {
  t.true(isAlone(makeCall(1, 'reflink', 0, { length: 0 }), true));
  t.false(isAlone(makeCall(1, 'reflink', 0, { length: 16 }), true));
  t.true(isAlone(makeCall(1, 'mapwrite', 0, { flags: CallFlag.GROW }), true));
  t.false(isAlone(makeCall(1, 'mapwrite', 0), true));
});
