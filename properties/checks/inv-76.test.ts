import test from 'ava';
import { MapType, OpFlag } from '../../model/contract/index.js';
import { inv76 } from './inv-76.js';
import { Rig, record } from './testing/rig.js';

test('a begin for a write that succeeds after shutdown is caught until remount', t => {
  const rig = new Rig(inv76);
  const write = (): string | undefined =>
    rig.call('write', {}, () => {
      rig
        .iteration(OpFlag.WRITE, 0, 16)
        .begin(record(MapType.MAPPED, 0, 16, 0))
        .end(16)
        .finish();
    })?.id;
  t.is(write(), undefined);
  rig.call('shutdown');
  t.is(write(), 'INV-76');
  rig.call('remount');
  t.is(write(), undefined);
});
