import test from 'ava';
import { EIO } from '../../model/contract/index.js';
import { inv28 } from './inv-28.js';
import { Rig } from './testing/rig.js';

test('a D bit that goes without a reason is caught', t => {
  const rig = new Rig(inv28);
  rig.file.isize = 64;
  rig.file.cache(0, 2, 5, true);
  t.is(rig.look(), null);
  rig.file.clean(1, 1);
  t.regex(rig.look()!.message, /bytes \[16, 32\) became clean without/);
});

test('writeback, truncation and a recorded error are reasons', t => {
  const rig = new Rig(inv28);
  rig.file.isize = 64;
  const dirty = (): void => {
    rig.file.cache(0, 2, 5, true);
    t.is(rig.look(), null);
  };
  dirty();
  t.is(
    rig.call('fsync', {}, () => {
      rig.emit('writeback-folio', 0, 64);
      rig.emit('clean', 0, 32, 0);
      rig.file.clean(0, 2);
      rig.emit('writeback-end', 0, 64);
    }),
    null,
  );
  dirty();
  t.is(
    rig.call('punch', {}, () => {
      rig.emit('clean', 0, 32, 1);
      rig.file.clean(0, 2);
    }),
    null,
  );
  dirty();
  t.is(
    rig.call(
      'fsync',
      {},
      () => {
        rig.emit('clean', 0, 32, 2);
        rig.emit('writeback-error', EIO);
        rig.file.clean(0, 2);
      },
      EIO,
    ),
    null,
  );
});

test('behind the end is what was behind it when writeback took the folio', t => {
  const rig = new Rig(inv28);
  rig.file.isize = 16;
  rig.file.cache(0, 4, 0, true);
  t.is(
    rig.call('fsync', {}, () => {
      rig.emit('writeback-folio', 0, 64);
      rig.file.isize = 48;
      rig.emit('clean', 16, 48, 3);
      rig.file.clean(0, 4);
      rig.emit('clean', 0, 16, 0);
      rig.emit('writeback-end', 0, 64);
    }),
    null,
  );
});

test('a reason that does not hold is caught', t => {
  const during = (name: 'reclaim' | 'fsync', why: number): string | undefined => {
    const rig = new Rig(inv28);
    rig.file.isize = 64;
    return rig.call(name, {}, () => rig.emit('clean', 0, 16, why))?.message;
  };
  t.regex(during('fsync', 0)!, /not under writeback/);
  t.regex(during('reclaim', 1)!, /no call truncates/);
  t.regex(during('fsync', 2)!, /without an error being recorded/);
  t.regex(during('fsync', 3)!, /as if behind the end/);
});

test('a store after writeback took the folio must survive it', t => {
  const rig = new Rig(inv28);
  rig.file.isize = 64;
  const found = rig.call('fsync', {}, () => {
    rig.emit('writeback-folio', 0, 64);
    rig.emit('dirty', 16, 16);
    rig.emit('clean', 0, 64, 0);
  });
  t.regex(found!.message, /bytes \[16, 32\) were cleaned though they were stored after/);
});

test('reclaim of a dirty folio is caught', t => {
  const rig = new Rig(inv28);
  rig.file.isize = 64;
  t.regex(rig.call('reclaim', {}, () => rig.emit('folio-remove', 0, 64, 1))!.message, /PC-95/);
  t.is(
    rig.call('truncate', {}, () => rig.emit('folio-remove', 0, 64, 1)),
    null,
  );
});
