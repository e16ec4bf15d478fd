import test from 'ava';
import { MapType, OpFlag } from '../../model/contract/index.js';
import { inv01 } from './inv-01.js';
import { Rig, record } from './testing/rig.js';

test('a mapping that ends before the position is caught', t => {
  const rig = new Rig(inv01);
  const found = rig.call('write', {}, () => {
    rig.iteration(OpFlag.WRITE, 40, 8).begin(record(MapType.MAPPED, 0, 32, 0));
  });
  t.is(found?.id, 'INV-01');
  t.regex(found!.message, /MAP-01/);
});

test('a mapping of no length, and one that cuts a block, are caught', t => {
  for (const [length, rule] of [
    [0, /MAP-02/],
    [24, /MAP-03/],
  ] as const) {
    const rig = new Rig(inv01);
    const found = rig.call('write', {}, () => {
      rig.iteration(OpFlag.WRITE, 0, 8).begin(record(MapType.MAPPED, 0, length, 0));
    });
    t.regex(found!.message, rule);
  }
});

test('a source mapping that does not cover the position is caught', t => {
  const rig = new Rig(inv01);
  const found = rig.call('write', {}, () => {
    rig.iteration(OpFlag.WRITE, 16, 8).begin((map, source) => {
      record(MapType.DELALLOC, 16, 16)(map);
      record(MapType.MAPPED, 0, 16, 0)(source);
    });
  });
  t.regex(found!.message, /source mapping/);
});

test('mappings that start before the position and end behind the request are fine', t => {
  const rig = new Rig(inv01);
  const found = rig.call('write', {}, () => {
    rig
      .iteration(OpFlag.WRITE, 24, 8)
      .begin(record(MapType.MAPPED, 0, 64, 0))
      .end(8)
      .finish();
  });
  t.is(found, null);
});
