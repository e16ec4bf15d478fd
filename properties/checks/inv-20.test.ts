import test from 'ava';
import { inv20 } from './inv-20.js';
import { Rig } from './testing/rig.js';

test('a dirty block that is not uptodate is caught unless its folio is locked', t => {
  const rig = new Rig(inv20);
  const folio = rig.file.cache(0, 1, 5, true);
  t.is(rig.look(), null);
  rig.file.blocks[0]!.uptodate = false;
  folio.locked = true;
  rig.file.version++;
  t.is(rig.look(), null);
  folio.locked = false;
  rig.file.version++;
  t.regex(rig.look()!.message, /block 0 is dirty but not uptodate/);
});
