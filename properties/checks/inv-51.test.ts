import test from 'ava';
import { EIO, ENOTBLK } from '../../model/contract/index.js';
import { inv51 } from './inv-51.js';
import { Rig } from './testing/rig.js';

test('an answer is an errno or a count within the request', t => {
  const answer = (error: number, count: number): string | undefined =>
    new Rig(inv51).call('dwrite', { length: 16 }, () => {}, error, count)?.id;
  t.is(answer(0, 16), undefined);
  t.is(answer(EIO, 0), undefined);
  t.is(answer(0, 17), 'INV-51');
  t.is(answer(EIO, 8), 'INV-51');
  t.is(answer(ENOTBLK, 0), 'INV-51');
});
