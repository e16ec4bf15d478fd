import test from 'ava';
import { EIO, Fork } from '../../model/contract/index.js';
import { inv13 } from './inv-13.js';
import { Rig } from './testing/rig.js';

test('a clean delayed block below the end is caught when all is quiet', t => {
  const rig = new Rig(inv13);
  rig.file.isize = 32;
  rig.file.map(1, 1, Fork.delay);
  rig.quiet = false;
  t.is(rig.look(), null);
  rig.quiet = true;
  t.regex(rig.look()!.message, /block 1 is still reserved/);
});

test('a dirty one, and one behind the end, are fine', t => {
  const rig = new Rig(inv13);
  rig.file.isize = 32;
  rig.file.map(1, 2, Fork.delay);
  rig.file.cache(1, 1, 5, true);
  t.is(rig.look(), null);
});

test('no block below the end is delayed after fsync returned 0', t => {
  const rig = new Rig(inv13);
  rig.file.isize = 32;
  rig.file.map(1, 1, Fork.delay);
  rig.file.cache(1, 1, 5, true);
  t.is(
    rig.call('fsync', {}, () => {}, EIO),
    null,
  );
  t.regex(rig.call('fsync')!.message, /delayed after fsync returned 0/);
});
