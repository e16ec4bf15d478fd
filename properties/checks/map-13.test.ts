import test from 'ava';
import { MapFlag, MapType } from '../../model/contract/index.js';
import { map13 } from './map-13.js';
import { Rig, record } from './testing/rig.js';

test("a record that comes back with the library's flags is caught", t => {
  for (const flag of [MapFlag.STALE, MapFlag.SIZE_CHANGED, MapFlag.NEW]) {
    const rig = new Rig(map13);
    const found = rig.call('read', {}, () => void rig.iteration(0, 0, 16).begin(record(MapType.HOLE, 0, 16, -1, flag)));
    t.is(found?.id, flag === MapFlag.NEW ? undefined : 'MAP-13');
  }
});
