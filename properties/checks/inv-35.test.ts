import test from 'ava';
import { Fork, MapType, OpFlag } from '../../model/contract/index.js';
import { inv35 } from './inv-35.js';
import { Rig, record } from './testing/rig.js';

test('a size that grows before the bytes are in place is caught', t => {
  const rig = new Rig(inv35);
  const grow = (): string | undefined =>
    rig.call('write', {}, () => {
      rig.iteration(OpFlag.WRITE, 0, 16).begin(record(MapType.DELALLOC, 0, 16));
      rig.emit('isize', 0, 10);
    })?.message;
  t.regex(grow()!, /before block 0 had its bytes/);
  rig.file.cache(0, 1, 5, true);
  t.is(grow(), undefined);
});

test('a direct write must have converted its blocks first', t => {
  const rig = new Rig(inv35);
  rig.file.map(0, 2, Fork.unwritten, 3);
  const grow = (): string | undefined =>
    rig.call('dwrite', {}, () => {
      rig.emit('dio-begin', 0, 32, 1);
      rig.emit('isize', 0, 32);
      rig.emit('dio-done', 0, 32, 1);
    })?.message;
  t.regex(grow()!, /block 0 of the direct write is unwritten \(DIO-43\)/);
  rig.file.map(0, 2, Fork.written, 3);
  t.is(grow(), undefined);
});

test('a size that changes during fsync is caught', t => {
  const rig = new Rig(inv35);
  t.regex(rig.call('fsync', {}, () => rig.emit('isize', 8, 4))!.message, /no call in progress/);
  t.is(
    rig.call('truncate', {}, () => rig.emit('isize', 8, 4)),
    null,
  );
});
