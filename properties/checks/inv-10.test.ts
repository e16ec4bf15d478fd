import test from 'ava';
import { inv10 } from './inv-10.js';
import { Rig } from './testing/rig.js';

test('space that does not add up is caught', t => {
  const rig = new Rig(inv10);
  t.is(rig.look(), null);
  rig.space.free -= 2;
  rig.space.reserved += 1;
  t.is(rig.look()?.id, 'INV-10');
  rig.space.allocated += 1;
  t.is(rig.look(), null);
});
