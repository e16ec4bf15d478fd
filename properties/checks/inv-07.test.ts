import test from 'ava';
import { CowFork, Fork } from '../../model/contract/index.js';
import { inv07 } from './inv-07.js';
import { Rig } from './testing/rig.js';

test('a map that changed under the same cookie is caught, under a new one it is fine', t => {
  const rig = new Rig(inv07);
  rig.file.map(0, 2, Fork.unwritten, 3);
  t.is(rig.look(), null);
  rig.file.map(0, 1, Fork.written, 3);
  t.is(rig.look(), null);
  rig.file.map(1, 1, Fork.written, 4);
  rig.file.cookie--;
  const found = rig.look();
  t.is(found?.id, 'INV-07');
  t.regex(found!.message, /block 1 of the data fork/);
});

test('a copy-on-write fork has a cookie of its own', t => {
  const rig = new Rig(inv07);
  rig.look();
  rig.file.mapCow(2, 1, CowFork.delay);
  rig.file.cowCookie--;
  rig.file.cookie++;
  t.regex(rig.look()!.message, /copy-on-write fork/);
});

test('a cookie that goes back is caught, but not across a remount', t => {
  const rig = new Rig(inv07);
  rig.file.cookie = 9;
  rig.look();
  rig.file.cookie = 3;
  rig.file.version++;
  t.is(rig.call('remount'), null);
  rig.file.cookie = 2;
  rig.file.version++;
  t.is(rig.look()?.id, 'INV-07');
});
