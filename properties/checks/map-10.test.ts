import test from 'ava';
import { Fork, MapType, OpFlag } from '../../model/contract/index.js';
import { map10 } from './map-10.js';
import { Rig, record } from './testing/rig.js';

test('zeroing that makes space for a hole is caught', t => {
  const zero = (reserve: boolean): string | undefined => {
    const rig = new Rig(map10);
    return rig.call('truncate', {}, () => {
      rig.iteration(OpFlag.ZERO, 0, 16).begin(record(MapType.HOLE, 0, 16), () => {
        if (reserve) rig.file.map(0, 1, Fork.delay);
      });
    })?.id;
  };
  t.is(zero(false), undefined);
  t.is(zero(true), 'MAP-10');
});
