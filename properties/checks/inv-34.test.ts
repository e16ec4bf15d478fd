import test from 'ava';
import { CowFork, EIO, Fork, MapType, OpFlag } from '../../model/contract/index.js';
import { inv34 } from './inv-34.js';
import { Rig, record } from './testing/rig.js';

test('a block that unsharing skipped is caught', t => {
  const rig = new Rig(inv34);
  rig.file.isize = 32;
  rig.file.map(0, 2, Fork.written, 3);
  rig.file.blocks[1]!.shared = true;
  const unshare = (): string | undefined =>
    rig.call(
      'unshare',
      { length: 32 },
      () => {
        rig
          .iteration(OpFlag.WRITE | OpFlag.UNSHARE, 0, 32)
          .begin(record(MapType.MAPPED, 0, 32, 48))
          .end(32)
          .finish();
      },
      EIO,
    )?.message;
  t.regex(unshare()!, /block 1 is still shared/);
  rig.file.mapCow(1, 1, CowFork.delay);
  rig.file.cache(1, 1, 5, true);
  t.is(unshare(), undefined);
});

test('after the call returned 0 nothing of the range is shared', t => {
  const rig = new Rig(inv34);
  rig.file.isize = 16;
  rig.file.map(0, 2, Fork.written, 3);
  rig.file.blocks[0]!.shared = true;
  t.regex(rig.call('unshare', { length: 16 })!.message, /after unshare returned 0/);
  rig.file.isize = 9;
  rig.file.version++;
  t.is(rig.call('unshare', { offset: 9, length: 16 }), null);
  rig.file.isize = 16;
  rig.file.blocks[0]!.shared = false;
  rig.file.blocks[1]!.shared = true;
  rig.file.version++;
  t.is(rig.call('unshare', { length: 64 }), null);
});
