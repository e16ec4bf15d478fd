import test from 'ava';
import { MapType, OpFlag } from '../../model/contract/index.js';
import { map52 } from './map-52.js';
import { Rig, record } from './testing/rig.js';

test('a store to a folio that was not checked is caught once the target is known to check', t => {
  const rig = new Rig(map52);
  const write = (checked: boolean): string | undefined =>
    rig.call('write', {}, () => {
      rig.iteration(OpFlag.WRITE, 0, 64).begin(record(MapType.MAPPED, 0, 64, 0));
      if (checked) rig.emit('validated', 0, 32);
      rig.emit('dirty', 16, 16);
    })?.id;
  t.is(write(false), undefined);
  t.is(write(true), undefined);
  t.is(write(false), 'MAP-52');
});
