import test from 'ava';
import { EIO, ENOSPC } from '../../model/contract/index.js';
import { inv19 } from './inv-19.js';
import { Rig } from './testing/rig.js';

test('writeback that lacks space is caught, an I/O error is not its business', t => {
  const rig = new Rig(inv19);
  t.is(
    rig.call('fsync', {}, () => rig.emit('writeback-error', EIO)),
    null,
  );
  t.is(rig.call('fsync', {}, () => rig.emit('writeback-error', ENOSPC))?.id, 'INV-19');
});
