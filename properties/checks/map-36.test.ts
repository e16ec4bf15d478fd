import test from 'ava';
import { IterStep, OpFlag } from '../../model/contract/index.js';
import { map36 } from './map-36.js';
import { Rig } from './testing/rig.js';

test('a begin for no bytes is caught', t => {
  const rig = new Rig(map36);
  t.is(
    rig.call('write', {}, () => void rig.iteration(OpFlag.WRITE, 0, 1).tell(IterStep.beginning)),
    null,
  );
  t.is(rig.call('write', {}, () => void rig.iteration(OpFlag.WRITE, 0, 0).tell(IterStep.beginning))?.id, 'MAP-36');
});
