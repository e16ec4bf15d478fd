import test from 'ava';
import { CowFork, Fork } from '../../model/contract/index.js';
import { inv41 } from './inv-41.js';
import { B } from './testing/fake.js';
import { Rig } from './testing/rig.js';

const bytes = new Uint8Array(16).fill(7);

test('a write to a block of somebody else is caught', t => {
  const rig = new Rig(inv41);
  rig.file.map(0, 1, Fork.written, 3);
  t.is(
    rig.call('fsync', {}, () => rig.write(0, 3 * B, bytes)),
    null,
  );
  t.regex(rig.call('fsync', {}, () => rig.write(0, 4 * B, bytes))!.message, /block 0 is written to device block 4/);
});

test('a write to a shared block is caught unless it changes nothing', t => {
  const rig = new Rig(inv41);
  rig.file.map(0, 1, Fork.written, 3);
  rig.file.blocks[0]!.shared = true;
  t.regex(rig.call('fsync', {}, () => rig.write(0, 3 * B, bytes))!.message, /shared with other owners/);
  rig.device.contents.fill(7, 3 * B, 4 * B);
  t.is(
    rig.call('fsync', {}, () => rig.write(0, 3 * B, bytes)),
    null,
  );
});

test('copy-on-write space is own space', t => {
  const rig = new Rig(inv41);
  rig.file.mapCow(0, 1, CowFork.busy, 9);
  t.is(
    rig.call('fsync', {}, () => rig.write(0, 9 * B, bytes)),
    null,
  );
});

test('a block freed under a write in flight is caught', t => {
  const rig = new Rig(inv41);
  rig.file.map(0, 1, Fork.written, 3);
  t.is(
    rig.call('truncate', {}, () => rig.emit('free', 3, 1)),
    null,
  );
  const found = rig.call('truncate', {}, () => {
    rig.write(0, 3 * B, bytes, null);
    rig.emit('free', 2, 4);
  });
  t.regex(found!.message, /device block 3 is freed while a write to it is in flight/);
});

test('a block that becomes shared under a write in flight is caught, when it does or when the write is over', t => {
  const clone = (told: boolean): string | undefined => {
    const rig = new Rig(inv41);
    rig.file.map(0, 1, Fork.written, 3);
    rig.space.owners.set(3, 1);
    const during = (): void => {
      rig.write(0, 3 * B, bytes, null);
      rig.files[1]!.map(5, 1, Fork.written, 3);
      rig.space.owners.set(3, 2);
      if (told) rig.emit('extent', 5, 1, Fork.written, 1);
      else rig.complete(rig.device.inFlight[0]!);
    };
    return rig.call('reflink', { file: 1 }, during)?.message;
  };
  t.regex(clone(true)!, /file 1: device block 3 became shared while a write to it was in flight/);
  t.regex(clone(false)!, /file 0: device block 3 became shared/);
});

test('a shared block that was rewritten with what it holds may stay shared', t => {
  const rig = new Rig(inv41);
  rig.file.map(0, 1, Fork.written, 3);
  rig.file.blocks[0]!.shared = true;
  rig.space.owners.set(3, 2);
  rig.device.contents.fill(7, 3 * B, 4 * B);
  const during = (): void => {
    rig.write(0, 3 * B, bytes, null);
    rig.emit('extent', 0, 1, Fork.written);
    rig.complete(rig.device.inFlight[0]!);
  };
  t.is(rig.call('fsync', {}, during), null);
});

test('blocks that others map while a write is in flight elsewhere are no matter of it', t => {
  const rig = new Rig(inv41);
  rig.file.map(0, 2, Fork.written, 3);
  rig.space.owners.set(4, 2);
  const during = (): void => {
    rig.write(0, 3 * B, bytes, null);
    rig.emit('extent', 1, 1, Fork.written);
    rig.complete(rig.device.inFlight[0]!);
  };
  t.is(rig.call('fsync', {}, during), null);
});
