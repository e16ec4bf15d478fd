import test from 'ava';
import { CowFork, Fork, MapFlag, MapType, OpFlag } from '../../model/contract/index.js';
import { inv08 } from './inv-08.js';
import { B } from './testing/fake.js';
import { Rig, record } from './testing/rig.js';

test('a mapping found fresh that the map contradicts is caught', t => {
  const rig = new Rig(inv08);
  rig.file.map(0, 2, Fork.written, 5);
  const found = rig.call('write', {}, () => {
    rig.iteration(OpFlag.WRITE, 0, 32).begin(record(MapType.UNWRITTEN, 0, 32, 5 * B));
    rig.emit('validated', 0, 64);
  });
  t.is(found?.id, 'INV-08');
  t.regex(found!.message, /block 0 was found fresh as UNWRITTEN .* it is written/);
});

test('the same address is demanded, and privacy', t => {
  const rig = new Rig(inv08);
  rig.file.map(0, 2, Fork.written, 5);
  const store = (addr: number): string | undefined =>
    rig.call('write', {}, () => {
      rig.iteration(OpFlag.WRITE, 0, 32).begin(record(MapType.MAPPED, 0, 32, addr));
      rig.emit('dirty', 0, 32);
    })?.id;
  t.is(store(5 * B), undefined);
  t.is(store(6 * B), 'INV-08');
  rig.file.blocks[1]!.shared = true;
  t.is(store(5 * B), 'INV-08');
});

test('what a neighbour may do between check and store is fine', t => {
  const rig = new Rig(inv08);
  rig.file.map(0, 1, Fork.unwritten, 5);
  const found = rig.call('write', {}, () => {
    rig.iteration(OpFlag.WRITE, 0, 16).begin(record(MapType.DELALLOC, 0, 16));
    rig.emit('dirty', 0, 16);
  });
  t.is(found, null);
});

test('a copy-on-write mapping is compared with the copy-on-write fork', t => {
  const rig = new Rig(inv08);
  rig.file.map(0, 1, Fork.written, 5);
  const check = (): string | undefined =>
    rig.call('write', {}, () => {
      rig.iteration(OpFlag.WRITE, 0, 16).begin((map, source) => {
        record(MapType.DELALLOC, 0, 16, -1, MapFlag.SHARED)(map);
        record(MapType.MAPPED, 0, 16, 5 * B)(source);
      });
      rig.emit('validated', 0, 16);
    })?.id;
  t.is(check(), 'INV-08');
  rig.file.mapCow(0, 1, CowFork.delay);
  t.is(check(), undefined);
});

test('completion of the writeback that a folio is under may go on after the check', t => {
  const rig = new Rig(inv08);
  rig.quiet = false;
  rig.file.map(0, 1, Fork.written, 5);
  rig.file.mapCow(0, 1, CowFork.real, 9);
  const folio = rig.file.cache(0, 1, 7);
  const store = (): string | undefined =>
    rig.call('write', {}, () => {
      rig.iteration(OpFlag.WRITE, 0, 16).begin(record(MapType.UNWRITTEN, 0, 16, 9 * B, MapFlag.SHARED));
      rig.emit('validated', 0, 16);
      rig.file.map(0, 1, Fork.written, 9);
      rig.file.mapCow(0, 1, CowFork.none);
      rig.emit('dirty', 0, 16);
    })?.id;
  folio.writeback = true;
  t.is(store(), undefined);
  rig.file.mapCow(0, 1, CowFork.real, 9);
  folio.writeback = false;
  t.is(store(), 'INV-08');
});
