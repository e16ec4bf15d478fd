import test from 'ava';
import { Fork } from '../../model/contract/index.js';
import { inv53 } from './inv-53.js';
import { B } from './testing/fake.js';
import { Rig } from './testing/rig.js';

test('cache from before a direct write is caught, unless it is dirty', t => {
  const rig = new Rig(inv53);
  rig.file.isize = 16;
  rig.file.map(0, 1, Fork.written, 3);
  rig.device.contents.fill(7, 3 * B, 4 * B);
  rig.file.cache(0, 1, 7);
  const dwrite = (): string | undefined => rig.call('dwrite', { length: 16 }, () => {}, 0, 16)?.message;
  t.is(dwrite(), undefined);
  rig.file.cache(0, 1, 6);
  t.regex(dwrite()!, /byte 0 stayed cached from before the direct write/);
  rig.file.cache(0, 1, 6, true);
  t.is(dwrite(), undefined);
});

test('a folio that could not be dropped owes an error', t => {
  const rig = new Rig(inv53);
  rig.file.isize = 16;
  const dropped = (...errors: number[]): string | undefined =>
    rig.call(
      'dwrite',
      { length: 16 },
      () => {
        rig.emit('dio-end-io', 0, 16, 1);
        for (const error of errors) rig.emit('writeback-error', error);
        rig.emit('dio-invalidate', 0, 16, -16);
      },
      0,
      16,
    )?.message;
  t.is(dropped(-5), undefined);
  t.regex(dropped()!, /no error is on record/);
});
