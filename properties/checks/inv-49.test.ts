import test from 'ava';
import { CowFork, EIO } from '../../model/contract/index.js';
import { inv49 } from './inv-49.js';
import { Rig } from './testing/rig.js';

test('a busy copy left by failed writeback is caught', t => {
  const rig = new Rig(inv49);
  rig.file.mapCow(0, 1, CowFork.busy, 3);
  t.is(
    rig.call('complete', {}, () => rig.emit('ioend-done', 0, 16, 0)),
    null,
  );
  const failed = (): string | undefined =>
    rig.call('complete', {}, () => {
      rig.emit('ioend-done', 0, 16, EIO);
      rig.file.version++;
    })?.message;
  t.regex(failed()!, /block 0 still has a busy copy-on-write block/);
  rig.file.mapCow(0, 1, CowFork.none);
  t.is(failed(), undefined);
});

test('copies of a direct write that begins after writeback failed are its own (DIO-42)', t => {
  const rig = new Rig(inv49);
  const found = rig.call('dwrite', { offset: 0, length: 16 }, () => {
    rig.emit('ioend-done', 0, 16, EIO);
    rig.emit('dio-begin', 0, 16, 1);
    rig.file.mapCow(0, 1, CowFork.busy, 3);
  });
  t.is(found, null);
});

test('so are those of one that began while the writeback was under way, and failed before it', t => {
  const rig = new Rig(inv49);
  rig.emit('ioend-submit', 0, 16, 0);
  rig.call('dwrite', { offset: 0, length: 16 }, () => {
    rig.emit('dio-begin', 0, 16, 1);
    rig.file.mapCow(0, 1, CowFork.busy, 3);
    rig.emit('dio-done', 0, 0, 1);
  });
  const failed = (): string | undefined =>
    rig.call('complete', {}, () => {
      rig.emit('ioend-done', 0, 16, EIO);
      rig.file.version++;
    })?.message;
  t.is(failed(), undefined);
  // The next writeback writes to the copy.
  rig.emit('ioend-submit', 0, 16, 0);
  t.regex(failed()!, /block 0 still has a busy copy-on-write block/);
});

test('only its copies are: what is still under writeback is caught beside a direct write too', t => {
  const rig = new Rig(inv49);
  const folio = rig.file.cache(0, 1, 3);
  rig.emit('ioend-submit', 0, 16, 0);
  rig.call('dwrite', { offset: 0, length: 16 }, () => {
    rig.emit('dio-begin', 0, 16, 1);
    rig.file.mapCow(0, 1, CowFork.busy, 3);
    rig.emit('dio-done', 0, 0, 1);
  });
  const found = rig.call('complete', {}, () => {
    rig.emit('ioend-done', 0, 16, EIO);
    folio.writeback = true;
    rig.file.version++;
  });
  t.regex(found!.message, /block 0 is still under writeback/);
});
