import test from 'ava';
import { Fork, MapType, OpFlag } from '../../model/contract/index.js';
import { inv33 } from './inv-33.js';
import { B } from './testing/fake.js';
import { Rig, record } from './testing/rig.js';

test('a byte that zeroing left behind is caught, in the cache and on the device', t => {
  const rig = new Rig(inv33);
  rig.file.isize = 64;
  rig.file.map(0, 4, Fork.written, 8);
  rig.device.contents.fill(0, 8 * B, 12 * B);
  const zero = (): string | undefined =>
    rig.call('truncate', {}, () => {
      rig
        .iteration(OpFlag.ZERO, 8, 40)
        .begin(record(MapType.MAPPED, 0, 64, 8 * B))
        .end(40)
        .finish();
    })?.message;
  t.is(zero(), undefined);
  rig.device.contents[8 * B + 20] = 4;
  t.regex(zero()!, /byte 20 is not zero/);
  rig.file.cache(0, 4, 0);
  t.is(zero(), undefined);
  rig.file.memory[33] = 4;
  t.regex(zero()!, /byte 33 is not zero/);
});

test('a call that was in progress beside it may have stored there, also when it has ended', t => {
  const rig = new Rig(inv33);
  rig.file.isize = 64;
  rig.file.cache(0, 4, 6);
  const zero = (beside: boolean): string | undefined =>
    rig.call('truncate', {}, () => {
      if (beside) rig.call('mapwrite');
      rig
        .iteration(OpFlag.ZERO, 8, 40)
        .begin(record(MapType.UNWRITTEN, 0, 64, 0))
        .end(40)
        .finish();
    })?.message;
  t.is(zero(true), undefined);
  t.regex(zero(false)!, /byte 8 is not zero/);
});

test('bytes outside the range and behind the end are not its business', t => {
  const rig = new Rig(inv33);
  rig.file.isize = 20;
  rig.file.cache(0, 4, 6);
  rig.file.memory.fill(0, 8, 20);
  const found = rig.call('truncate', {}, () => {
    rig
      .iteration(OpFlag.ZERO, 8, 40)
      .begin(record(MapType.UNWRITTEN, 0, 64, 0))
      .end(40)
      .finish();
  });
  t.is(found, null);
});

test('what a view stored behind the end may show over a hole, and nowhere else (R-7)', t => {
  const rig = new Rig(inv33);
  rig.file.isize = 16;
  rig.file.map(0, 1, Fork.delay);
  rig.file.cache(0, 4, 6);
  rig.file.memory.fill(0, 0, 32);
  const zero = (): string | undefined =>
    rig.call('truncate', {}, () => {
      rig
        .iteration(OpFlag.ZERO, 8, 40)
        .begin(record(MapType.HOLE, 0, 64, 0))
        .end(40)
        .finish();
    })?.message;
  rig.call('mapwrite', {}, () => rig.emit('dirty', 0, 16, 1));
  rig.file.isize = 64;
  t.is(zero(), undefined);
  rig.file.map(2, 1, Fork.delay);
  t.regex(zero()!, /byte 32 is not zero/);
});
