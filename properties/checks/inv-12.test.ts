import test from 'ava';
import { CowFork, Fork } from '../../model/contract/index.js';
import { inv12 } from './inv-12.js';
import { B } from './testing/fake.js';
import { Rig } from './testing/rig.js';

test('a dirty block without space is caught, with the byte that would be lost', t => {
  const rig = new Rig(inv12);
  rig.file.isize = 32;
  rig.file.cache(0, 1, 7, true);
  const found = rig.look();
  t.is(found?.id, 'INV-12');
  t.regex(found!.message, /block 0 has no space, and its byte 0 would be lost: byte 0 of file 0 shows 7/);
});

test('space in either fork, and a locked folio, are fine', t => {
  for (const fork of [Fork.delay, Fork.unwritten, Fork.written]) {
    const rig = new Rig(inv12);
    rig.file.isize = 32;
    rig.file.cache(0, 1, 7, true);
    rig.file.map(0, 1, fork, fork === Fork.delay ? -1 : 3);
    t.is(rig.look(), null);
  }
  const rig = new Rig(inv12);
  rig.file.isize = 32;
  rig.file.cache(0, 1, 7, true).locked = true;
  t.is(rig.look(), null);
});

test('a shared block is backed by its copy, or when it holds what the device holds', t => {
  const rig = new Rig(inv12);
  rig.file.isize = 16;
  rig.file.map(0, 1, Fork.written, 3);
  rig.file.blocks[0]!.shared = true;
  rig.device.contents.fill(7, 3 * B, 4 * B);
  rig.file.cache(0, 1, 7, true);
  t.is(rig.look(), null);
  rig.file.cache(0, 1, 8, true);
  t.regex(rig.look()!.message, /shared with other owners/);
  rig.file.mapCow(0, 1, CowFork.delay);
  t.is(rig.look(), null);
});

test('zeroes over a hole may be dirty, and anything behind the end', t => {
  const rig = new Rig(inv12);
  rig.file.isize = 20;
  rig.file.cache(0, 1, 0, true);
  rig.file.cache(2, 1, 9, true);
  t.is(rig.look(), null);
});
