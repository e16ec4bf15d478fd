import test from 'ava';
import { MapFlag, MapType, OpFlag } from '../../model/contract/index.js';
import { map24 } from './map-24.js';
import { Rig, record } from './testing/rig.js';

test('a shared hole is caught', t => {
  const rig = new Rig(map24);
  const report = (flags: number): string | undefined =>
    rig.call('fiemap', {}, () => void rig.iteration(OpFlag.REPORT, 0, 16).begin(record(MapType.HOLE, 0, 16, -1, flags)))
      ?.id;
  t.is(report(0), undefined);
  t.is(report(MapFlag.SHARED), 'MAP-24');
});
