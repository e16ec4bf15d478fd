import test from 'ava';
import { CowFork, Fork } from '../../model/contract/index.js';
import { fsX13 } from './fs-x13.js';
import { B } from './testing/fake.js';
import { Rig } from './testing/rig.js';

function shifting(): Rig {
  const rig = new Rig(fsX13);
  rig.file.isize = 8 * B;
  rig.file.map(0, 8, Fork.written, 3);
  return rig;
}

const place = { offset: 4 * B, length: B };

test('copy-on-write space that stays where blocks move is caught, from one block before on', t => {
  for (const name of ['collapse', 'insert'] as const) {
    const after = (block: number, cow: number): string | undefined => {
      const rig = shifting();
      rig.file.mapCow(block, 1, cow, cow === CowFork.delay ? -1 : 20);
      return rig.call(name, place)?.message;
    };
    t.is(after(2, CowFork.real), undefined);
    t.regex(after(3, CowFork.real)!, new RegExp(`block 3 has copy-on-write space from before ${name} at ${4 * B}`));
    t.regex(after(7, CowFork.delay)!, /block 7/);
  }
});

test('what was reserved meanwhile may be there', t => {
  const rig = shifting();
  const message = rig.call('collapse', place, () => {
    rig.file.mapCow(5, 2, CowFork.delay);
    rig.emit('reserve-cow', 5, 2);
  })?.message;
  t.is(message, undefined);
});

test('other files, other calls and failures say nothing', t => {
  const rig = shifting();
  rig.file.mapCow(5, 1, CowFork.real, 20);
  t.is(rig.call('collapse', { ...place, file: 1 })?.message, undefined);
  t.is(rig.call('punch', place)?.message, undefined);
  t.is(rig.call('collapse', place, () => {}, 5)?.message, undefined);
  const beside = rig.begin('dwrite', place);
  t.is(rig.call('collapse', place)?.message, undefined);
  rig.end(beside);
});
