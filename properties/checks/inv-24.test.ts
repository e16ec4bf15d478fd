import test from 'ava';
import { Fork } from '../../model/contract/index.js';
import { inv24 } from './inv-24.js';
import { B } from './testing/fake.js';
import { Rig } from './testing/rig.js';

test('a folio taken twice is caught', t => {
  const rig = new Rig(inv24);
  rig.file.isize = 64;
  const found = rig.call('fsync', {}, () => {
    rig.emit('writeback-folio', 0, 64);
    rig.emit('writeback-end', 0, 64);
    rig.emit('writeback-folio', 0, 64);
    rig.emit('writeback-end', 0, 64);
  });
  t.is(found, null);
  t.regex(
    rig.call('fsync', {}, () => {
      rig.emit('writeback-folio', 0, 64);
      rig.emit('writeback-folio', 0, 64);
    })!.message,
    /WB-02/,
  );
});

test('overlapping ioends in flight are caught', t => {
  const rig = new Rig(inv24);
  rig.file.map(0, 4, Fork.written, 2);
  const submit = (offset: number, length: number): void => {
    rig.emit('ioend-add', offset, length, 2 * B + offset);
    rig.emit('ioend-submit', offset, length, 2 * B + offset);
  };
  t.is(
    rig.call('fsync', {}, () => {
      submit(0, 32);
      submit(32, 16);
    }),
    null,
  );
  t.regex(rig.call('fsync', {}, () => submit(16, 32))!.message, /WB-83/);
});

test('a folio still under writeback when all is quiet is caught', t => {
  const rig = new Rig(inv24);
  rig.file.cache(0, 4, 5).writeback = true;
  t.is(rig.look()?.id, 'INV-24');
});
