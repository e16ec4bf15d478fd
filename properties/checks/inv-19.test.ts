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

test('that the device lacks space for a write is not its business either, until that is told', t => {
  const rig = new Rig(inv19);
  const lack = (file: number): string | undefined =>
    rig.call('fsync', {}, () => {
      rig.emit('ioend-add', 0, 16, 64);
      rig.emit('ioend-submit', 0, 16, 64);
      rig.emit('bio-done', 64, 16, ENOSPC);
      rig.emit('writeback-error', ENOSPC, 0, 0, file);
      rig.emit('ioend-done', 0, 16, ENOSPC);
    })?.id;
  t.is(lack(0), undefined);
  t.is(lack(1), 'INV-19');
  t.is(rig.call('fsync', {}, () => rig.emit('writeback-error', ENOSPC))?.id, 'INV-19');
});
