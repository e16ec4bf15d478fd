import test from 'ava';
import { CallFlag, Fork } from '../../model/contract/index.js';
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

test('a seek that writes back is caught, as is a fiemap that was not asked to', t => {
  for (const [name, flags, clean] of [
    ['seekData', 0, false],
    ['fiemap', 0, false],
    ['fiemap', CallFlag.FLUSH, true],
    ['dread', CallFlag.NOWAIT, false],
  ] as const) {
    const rig = new Rig(inv09);
    rig.look();
    const found = rig.call(name, { flags }, () => rig.emit('writeback-folio', 0, 64, 0));
    t.is(found === null, clean);
  }
});
