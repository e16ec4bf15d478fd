import test from 'ava';
import { Fork } from '../../model/contract/index.js';
import { inv11 } from './inv-11.js';
import { Rig } from './testing/rig.js';

test('reserved blocks that nothing needs, and too few of them, are caught when all is quiet', t => {
  const rig = new Rig(inv11);
  rig.file.map(0, 2, Fork.delay);
  rig.file.indexReservation = 1;
  rig.space.reserved = 3;
  t.is(rig.look(), null);
  rig.space.reserved = 4;
  rig.quiet = false;
  t.is(rig.look(), null);
  rig.quiet = true;
  t.is(rig.look()?.id, 'INV-11');
});

test('a file that counts its delayed blocks wrong is caught', t => {
  const rig = new Rig(inv11);
  rig.file.map(0, 2, Fork.delay);
  rig.file.delayed = 1;
  rig.space.reserved = 1;
  t.regex(rig.look()!.message, /1 delayed blocks are accounted for, 2 exist/);
});
