import test from 'ava';
import { IterStep, LARGEST_FILE, OpFlag } from '../../model/contract/index.js';
import { inv59 } from './inv-59.js';
import { Rig } from './testing/rig.js';

test('positions past the largest file are caught', t => {
  const rig = new Rig(inv59);
  t.is(
    rig.call('write', {}, () => void rig.iteration(OpFlag.WRITE, LARGEST_FILE - 16, 16).tell(IterStep.beginning)),
    null,
  );
  t.is(
    rig.call('write', {}, () => void rig.iteration(OpFlag.WRITE, LARGEST_FILE, 4096).tell(IterStep.beginning))?.id,
    'INV-59',
  );
  t.is(
    rig.call('truncate', {}, () => rig.emit('isize', 0, LARGEST_FILE)),
    null,
  );
  t.is(rig.call('truncate', {}, () => rig.emit('isize', 0, LARGEST_FILE + 1))?.id, 'INV-59');
});
