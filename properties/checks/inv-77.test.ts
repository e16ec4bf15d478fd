import test from 'ava';
import { EIO, Fork } from '../../model/contract/index.js';
import { inv77 } from './inv-77.js';
import { B } from './testing/fake.js';
import { Rig } from './testing/rig.js';

test('a sync call that leaves an earlier ioend of its range unfinished is caught', t => {
  const rig = new Rig(inv77);
  rig.file.map(0, 4, Fork.written, 3);
  rig.call('writeback', {}, () => {
    rig.emit('ioend-add', 0, 32, 3 * B);
    rig.emit('ioend-submit', 0, 32, 3 * B);
  });
  t.is(rig.call('syncRange', { offset: 32, length: 16 }), null);
  t.regex(rig.call('fsync')!.message, /before the ioend \[0, 32\) was finished/);
  t.is(
    rig.call('fsync', {}, () => {}, EIO),
    null,
  );
  t.is(
    rig.call('fsync', {}, () => rig.emit('ioend-done', 0, 32)),
    null,
  );
});

test('truncate must have waited for the folios it removed', t => {
  const rig = new Rig(inv77);
  rig.file.isize = 64;
  const found = rig.call('truncate', { size: 0 }, () => rig.emit('writeback-folio', 0, 64));
  t.regex(found!.message, /WB-55/);
});
