import test from 'ava';
import { IterStep, MapType } from '../../model/contract/index.js';
import { map60 } from './map-60.js';
import { Rig, record } from './testing/rig.js';

test('a record that is not zeroed before begin is caught', t => {
  const rig = new Rig(map60);
  t.is(
    rig.call(
      'read',
      {},
      () =>
        void rig
          .iteration(0, 0, 16)
          .begin(record(MapType.MAPPED, 0, 8, 0))
          .end(8),
    ),
    null,
  );
  const found = rig.call('read', {}, () => {
    const it = rig.iteration(0, 0, 16);
    record(MapType.MAPPED, 0, 8, 0)(it.srcmap);
    it.tell(IterStep.beginning);
  });
  t.regex(found!.message, /MAPPED \[0, 8\) at device byte 0 left in its record/);
});
