import test from 'ava';
import { CowFork, Fork } from '../../model/contract/index.js';
import { fsX9 } from './fs-x9.js';
import { B } from './testing/fake.js';
import { Rig } from './testing/rig.js';

function cutting(block: number, cow: number): Rig {
  const rig = new Rig(fsX9);
  rig.file.isize = 8 * B;
  rig.file.map(0, 8, Fork.written, 3);
  rig.file.mapCow(block, 1, cow, cow === CowFork.delay ? -1 : 20);
  return rig;
}

const cut = { size: 4 * B - 1 };

test('copy-on-write space that stays behind the end is caught, from the block behind the last one on', t => {
  t.is(cutting(3, CowFork.real).call('truncate', cut)?.message, undefined);
  t.regex(cutting(4, CowFork.real).call('truncate', cut)!.message, /block 4 has copy-on-write space/);
  t.regex(cutting(8, CowFork.delay).call('truncate', { size: 8 * B })!.message, /block 8/);
});

test('what was reserved meanwhile may be there', t => {
  const rig = cutting(0, CowFork.real);
  const message = rig.call('truncate', cut, () => {
    rig.file.mapCow(5, 2, CowFork.delay);
    rig.emit('reserve-cow', 5, 2);
  })?.message;
  t.is(message, undefined);
});

test('other files, other calls, growth and failures say nothing', t => {
  const rig = cutting(5, CowFork.real);
  t.is(rig.call('truncate', { ...cut, file: 1 })?.message, undefined);
  t.is(rig.call('punch', { offset: 0, length: B })?.message, undefined);
  t.is(rig.call('truncate', { size: 9 * B })?.message, undefined);
  t.is(rig.call('truncate', cut, () => {}, 5)?.message, undefined);
  const beside = rig.begin('dwrite', { offset: 0, length: B });
  t.is(rig.call('truncate', cut)?.message, undefined);
  rig.end(beside);
});
