import test from 'ava';
import { Fork, type ReportedExtent } from '../../model/contract/index.js';
import { inv38 } from './inv-38.js';
import { B } from './testing/fake.js';
import { Rig } from './testing/rig.js';

test('a clean written block must hold the content on the device', t => {
  const rig = new Rig(inv38);
  rig.file.isize = 32;
  rig.truth.of(0).fill(7, 0, 32);
  rig.file.map(0, 2, Fork.written, 3);
  rig.device.contents.fill(7, 3 * B, 5 * B);
  t.is(rig.call('write', { length: 32 }), null);
  rig.device.contents[4 * B + 1] = 0;
  t.regex(rig.call('write', { length: 32 })!.message, /clean byte 17 on the device \(device block 4\) is wrong/);
});

test('content in a block that is not written, or nowhere, is caught unless it is dirty', t => {
  const rig = new Rig(inv38);
  rig.file.isize = 64;
  rig.truth.of(0)[20] = 7;
  t.regex(rig.call('write', { length: 64 })!.message, /byte 20 of a hole/);
  rig.file.map(1, 1, Fork.unwritten, 4);
  t.regex(rig.call('write', { length: 64 })!.message, /byte 20 of a block that is not written/);
  rig.file.cache(1, 1, 7, true);
  t.is(rig.call('write', { length: 64 }), null);
});

test('FIEMAP pieces that contradict the map are caught', t => {
  const rig = new Rig(inv38);
  rig.file.isize = 32;
  rig.file.map(0, 2, Fork.unwritten, 3);
  const piece = {
    logical: 0,
    physical: 3 * B,
    length: 32,
    unwritten: true,
    delalloc: false,
    shared: false,
    inline: false,
    last: true,
  };
  const report = (change: Partial<ReportedExtent>): string | undefined => {
    const call = rig.begin('fiemap', { length: 64 });
    rig.answer.clear();
    rig.answer.extents = [{ ...piece, ...change }];
    return rig.checks.returned(call, rig.answer)?.message;
  };
  t.is(report({}), undefined);
  t.regex(report({ unwritten: false })!, /does not say what block 0 is/);
  t.regex(report({ physical: 0 })!, /device byte 0/);
  t.regex(report({ shared: true })!, /sharing of block 0/);
  rig.file.map(0, 2, Fork.delay);
  rig.look();
  t.regex(report({ unwritten: false, delalloc: true })!, /which is delayed, a place on the device/);
  t.is(report({ unwritten: false, delalloc: true, physical: 0 }), undefined);
});
