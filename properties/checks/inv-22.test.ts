import test from 'ava';
import { inv22 } from './inv-22.js';
import { Rig } from './testing/rig.js';

test('a dirty block in a clean folio is caught, but not behind the end', t => {
  const rig = new Rig(inv22);
  rig.file.isize = 64;
  const folio = rig.file.cache(0, 1, 5, true);
  t.is(rig.look(), null);
  folio.dirty = false;
  rig.file.version++;
  t.regex(rig.look()!.message, /is clean, but a block of it is dirty/);
  rig.file.isize = 0;
  rig.file.version++;
  t.is(rig.look(), null);
});

test('a dirty folio without dirty block is caught unless a truncate or punch cleaned some', t => {
  const rig = new Rig(inv22);
  rig.file.isize = 64;
  rig.file.cache(0, 1, 5).dirty = true;
  t.regex(rig.look()!.message, /is dirty, but no block of it is/);
  rig.emit('clean', 0, 16, 1);
  t.is(rig.look(), null);
});
