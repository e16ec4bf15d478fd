import test from 'ava';
import { Fork } from '../../model/contract/index.js';
import { inv09 } from './inv-09.js';
import { Rig } from './testing/rig.js';

test('a read that reserves a block is caught', t => {
  const rig = new Rig(inv09);
  rig.look();
  const found = rig.call('read', {}, () => rig.file.map(2, 1, Fork.delay));
  t.is(found?.id, 'INV-09');
  t.regex(found!.message, /block 2 from a hole to delayed/);
});

test('a seek that takes free space is caught', t => {
  const rig = new Rig(inv09);
  rig.look();
  const found = rig.call('seekData', {}, () => {
    rig.space.free--;
  });
  t.regex(found!.message, /free space/);
});

test('a read that only fills the cache is fine, and so is one during writeback', t => {
  const rig = new Rig(inv09);
  rig.look();
  t.is(
    rig.call('read', {}, () => void rig.file.cache(0, 4, 0)),
    null,
  );
  const found = rig.call('dread', {}, () => {
    rig.emit('writeback-folio', 0, 64, 1);
    rig.file.map(2, 1, Fork.unwritten, 7);
  });
  t.is(found, null);
});
