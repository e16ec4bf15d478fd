import test from 'ava';
import { Fork, MapFlag, MapType, OpFlag } from '../../model/contract/index.js';
import { inv16 } from './inv-16.js';
import { Rig, record } from './testing/rig.js';

const reserved = record(MapType.DELALLOC, 0, 64, -1, MapFlag.NEW);

test('a reservation left behind by a short write is caught', t => {
  const rig = new Rig(inv16);
  rig.file.map(0, 4, Fork.delay);
  rig.file.cache(0, 2, 5, true);
  const found = rig.call('write', {}, () => {
    rig.iteration(OpFlag.WRITE, 0, 64).begin(reserved).end(20).finish();
  });
  t.is(found?.id, 'INV-16');
  t.regex(found!.message, /block 2 stays reserved/);
});

test('giving back what is clean and keeping what is dirty is fine', t => {
  const rig = new Rig(inv16);
  rig.file.map(0, 4, Fork.delay);
  rig.file.cache(0, 2, 5, true);
  rig.file.cache(3, 1, 6, true);
  const found = rig.call('write', {}, () => {
    rig
      .iteration(OpFlag.WRITE, 0, 64)
      .begin(reserved)
      .end(20, () => rig.file.map(2, 1, Fork.hole))
      .finish();
  });
  t.is(found, null);
});

test('a write fault keeps its reservation, and so does a mapping that is not NEW', t => {
  for (const [flags, fill] of [
    [OpFlag.WRITE | OpFlag.FAULT, reserved],
    [OpFlag.WRITE, record(MapType.DELALLOC, 0, 64)],
  ] as const) {
    const rig = new Rig(inv16);
    rig.file.map(0, 4, Fork.delay);
    t.is(
      rig.call('mapwrite', {}, () => void rig.iteration(flags, 0, 64).begin(fill).end(0).finish()),
      null,
    );
  }
});
