import test from 'ava';
import { inv72 } from './inv-72.js';
import { Rig } from './testing/rig.js';

test('a lock left behind is caught', t => {
  const rig = new Rig(inv72);
  t.is(rig.look(), null);
  rig.held.push('i_rwsem of file 0');
  t.regex(rig.look()!.message, /left behind: i_rwsem of file 0/);
});

test('a folio locked when all is quiet is caught', t => {
  const rig = new Rig(inv72);
  rig.file.cache(0, 4, 5).locked = true;
  t.regex(rig.look()!.message, /locked with nothing running/);
});
