import test from 'ava';
import { inv70 } from './inv-70.js';
import { Rig } from './testing/rig.js';

test('locks taken downwards are caught', t => {
  const take = (...levels: readonly number[]): string | undefined => {
    const rig = new Rig(inv70);
    return rig.call('write', {}, () => {
      for (const level of levels) rig.emit('lock', level, 1, 1);
    })?.message;
  };
  t.is(take(1, 3, 5, 7, 8), undefined);
  t.regex(take(7, 5)!, /takes L5 \(folio lock\) while it holds L7 \(transaction\)/);
  t.is(take(8, 4, 9), undefined);
});

test('what was released, and what was only tried, has no order', t => {
  const rig = new Rig(inv70);
  const found = rig.call('write', {}, () => {
    rig.emit('lock', 5, 1, 1);
    rig.emit('unlock', 5, 1, 1);
    rig.emit('lock', 3, 1, 1);
    rig.emit('lock', 1, 3, 1);
  });
  t.is(found, null);
});
