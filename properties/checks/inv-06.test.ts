import test from 'ava';
import { MapFlag, MapType, OpFlag } from '../../model/contract/index.js';
import { inv06 } from './inv-06.js';
import { Rig, record } from './testing/rig.js';

const mapped = record(MapType.MAPPED, 0, 64, 0);

test('a repeated begin is fine after STALE and caught without', t => {
  const again = (stale: boolean): string | undefined => {
    const rig = new Rig(inv06);
    return rig.call('write', {}, () => {
      const it = rig.iteration(OpFlag.WRITE, 0, 32).begin(mapped);
      if (stale) it.iomap.flags |= MapFlag.STALE;
      it.end(0).begin(mapped).end(32).finish();
    })?.id;
  };
  t.is(again(true), undefined);
  t.is(again(false), 'INV-06');
});

test('an iteration that stops after STALE with bytes left is caught', t => {
  const rig = new Rig(inv06);
  const found = rig.call('write', {}, () => {
    const it = rig.iteration(OpFlag.WRITE, 0, 32).begin(mapped);
    it.iomap.flags |= MapFlag.STALE;
    it.end(16).finish();
  });
  t.regex(found!.message, /MAP-61/);
});
