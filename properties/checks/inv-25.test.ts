import test from 'ava';
import { MEMORY_POISON } from '../../model/contract/index.js';
import { inv25 } from './inv-25.js';
import { Rig } from './testing/rig.js';

test('poison in an uptodate block is caught where the cache may have changed', t => {
  const rig = new Rig(inv25);
  rig.file.isize = 16;
  rig.truth.of(0).fill(5, 0, 16);
  t.is(
    rig.call('write', { length: 16 }, () => void rig.file.cache(0, 1, 5)),
    null,
  );
  const found = rig.call('write', { length: 16 }, () => {
    rig.file.cache(0, 1, 5);
    rig.file.memory[9] = MEMORY_POISON;
  });
  t.regex(found!.message, /byte 9 is memory that nothing was ever put into/);
});

test('poison behind the end counts too, a locked folio does not', t => {
  const rig = new Rig(inv25);
  rig.file.isize = 4;
  const found = (): string | undefined =>
    rig.call('write', { length: 4 }, () => {
      rig.file.cache(0, 1, 0);
      rig.file.memory[9] = MEMORY_POISON;
    })?.id;
  t.is(found(), 'INV-25');
  rig.file.folios[0]!.locked = true;
  t.is(found(), undefined);
});

test('poison in a device write is caught, unless recorded data may contain it', t => {
  const rig = new Rig(inv25);
  const bytes = new Uint8Array(16).fill(MEMORY_POISON);
  t.is(rig.call('fsync', {}, () => rig.write(0, 32, bytes))?.id, 'INV-25');
  t.is(
    rig.call('write', { data: { byte: MEMORY_POISON } }, () => rig.write(0, 32, bytes)),
    null,
  );
});
