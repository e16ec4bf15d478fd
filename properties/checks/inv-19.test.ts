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

test('a device that has no space for a write of the file is not its business either', t => {
  const rig = new Rig(inv19);
  const lack = (file: number): string | undefined =>
    rig.call('fsync', {}, () => {
      rig.emit('bio-done', 0, 16, ENOSPC, 1);
      rig.emit('writeback-error', ENOSPC, 0, 0, file);
    })?.id;
  t.is(lack(1), undefined);
  t.is(lack(0), 'INV-19');
});
