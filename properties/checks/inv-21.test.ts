import test from 'ava';
import { inv21 } from './inv-21.js';
import { Rig } from './testing/rig.js';

test('a folio is uptodate exactly when its blocks are', t => {
  const rig = new Rig(inv21);
  const folio = rig.file.cache(0, 4, 5);
  t.is(rig.look(), null);
  folio.uptodate = false;
  rig.file.version++;
  t.regex(rig.look()!.message, /not uptodate, but all its blocks are/);
  folio.uptodate = true;
  rig.file.blocks[1]!.uptodate = false;
  rig.file.version++;
  t.regex(rig.look()!.message, /uptodate, but a block of it is not/);
  folio.locked = true;
  rig.file.version++;
  t.is(rig.look(), null);
});
