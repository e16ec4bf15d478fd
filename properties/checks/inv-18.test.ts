import test from 'ava';
import { CallFlag, EAGAIN, Fork } from '../../model/contract/index.js';
import { inv18 } from './inv-18.js';
import { Rig } from './testing/rig.js';

const nowait = { flags: CallFlag.NOWAIT, length: 16 };

test('a refusal that leaves dirty cache is caught', t => {
  const rig = new Rig(inv18);
  rig.look();
  const found = rig.call('write', nowait, () => void rig.file.cache(0, 1, 5, true), EAGAIN);
  t.is(found?.id, 'INV-18');
});

test('a refusal after direct I/O was submitted is caught', t => {
  const rig = new Rig(inv18);
  rig.look();
  const found = rig.call('dwrite', nowait, () => rig.emit('dio-submit', 0, 16, 1), EAGAIN);
  t.regex(found!.message, /DIO-31/);
});

test('clean cache and preallocation behind the end may stay', t => {
  const rig = new Rig(inv18);
  rig.file.isize = 16;
  rig.look();
  const found = rig.call(
    'write',
    nowait,
    () => {
      rig.file.cache(0, 1, 5);
      rig.file.map(2, 2, Fork.delay);
    },
    EAGAIN,
  );
  t.is(found, null);
});
