import test from 'ava';
import { MapType, OpFlag } from '../../model/contract/index.js';
import { inv02 } from './inv-02.js';
import { Rig, record } from './testing/rig.js';

test('HOLE for a write is caught, for zeroing and unsharing it is fine', t => {
  const ask = (flags: number): string | undefined => {
    const rig = new Rig(inv02);
    return rig.call('write', {}, () => {
      rig
        .iteration(flags, 0, 16)
        .begin(record(MapType.HOLE, 0, 16))
        .end(16)
        .finish();
    })?.id;
  };
  t.is(ask(OpFlag.WRITE), 'INV-02');
  t.is(ask(OpFlag.ZERO), undefined);
  t.is(ask(OpFlag.WRITE | OpFlag.UNSHARE), undefined);
});

test('a store under a HOLE mapping is caught', t => {
  const rig = new Rig(inv02);
  const found = rig.call('zero', {}, () => {
    rig.iteration(OpFlag.ZERO, 0, 16).begin(record(MapType.HOLE, 0, 16));
    rig.emit('dirty', 0, 16);
  });
  t.regex(found!.message, /MAP-10/);
});
