import test from 'ava';
import { MapFlag, MapType, OpFlag } from '../../model/contract/index.js';
import { inv03 } from './inv-03.js';
import { Rig, record } from './testing/rig.js';

test('types and addresses that contradict each other are caught', t => {
  for (const fill of [
    record(MapType.HOLE, 0, 16, 32),
    record(MapType.DELALLOC, 0, 16, 0),
    record(MapType.MAPPED, 0, 16),
  ]) {
    const rig = new Rig(inv03);
    t.is(rig.call('read', {}, () => void rig.iteration(0, 0, 16).begin(fill))?.id, 'INV-03');
  }
});

test('a delayed copy-on-write extent that SEEK sees without address is fine', t => {
  const rig = new Rig(inv03);
  const flags = OpFlag.REPORT | OpFlag.SEEK;
  const found = rig.call('seekData', {}, () => {
    rig.iteration(flags, 0, 16).begin(record(MapType.UNWRITTEN, 0, 16, -1, MapFlag.SHARED));
  });
  t.is(found, null);
});

test('a direct transfer on DELALLOC is caught', t => {
  const rig = new Rig(inv03);
  const found = rig.call('dwrite', {}, () => {
    rig
      .iteration(OpFlag.DIRECT | OpFlag.WRITE, 0, 16)
      .begin(record(MapType.DELALLOC, 0, 16))
      .end(16);
  });
  t.regex(found!.message, /MAP-09/);
});
