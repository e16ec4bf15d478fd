import test from 'ava';
import { Fork, MapFlag, MapType, OpFlag } from '../../model/contract/index.js';
import { map20 } from './map-20.js';
import { Rig, record } from './testing/rig.js';

test('NEW on what was there before is caught', t => {
  const write = (before: number, type: MapType): string | undefined => {
    const rig = new Rig(map20);
    rig.file.map(0, 1, before, before > Fork.delay ? 3 : -1);
    return rig.call('write', {}, () => {
      rig.iteration(OpFlag.WRITE, 0, 16).begin(record(type, 0, 16, type === MapType.DELALLOC ? -1 : 48, MapFlag.NEW));
    })?.id;
  };
  t.is(write(Fork.hole, MapType.DELALLOC), undefined);
  t.is(write(Fork.unwritten, MapType.UNWRITTEN), undefined);
  t.is(write(Fork.written, MapType.MAPPED), 'MAP-20');
  t.is(write(Fork.delay, MapType.DELALLOC), 'MAP-20');
});

test("a reservation that a failed writeback gave back while begin waited is nobody's, but written blocks stay written", t => {
  const write = (before: number, type: MapType, waited: boolean): string | undefined => {
    const rig = new Rig(map20);
    rig.file.map(0, 1, before, before > Fork.delay ? 3 : -1);
    return rig.call('write', {}, () => {
      rig
        .iteration(OpFlag.WRITE, 0, 16)
        .begin(
          record(type, 0, 16, type === MapType.DELALLOC ? -1 : 48, MapFlag.NEW),
          () => waited && rig.emit('ioend-done', 0, 16, -5),
        );
    })?.id;
  };
  t.is(write(Fork.delay, MapType.DELALLOC, false), 'MAP-20');
  t.is(write(Fork.delay, MapType.DELALLOC, true), undefined);
  t.is(write(Fork.written, MapType.MAPPED, true), 'MAP-20');
});

test('a reservation that a call made which returned while begin waited is its own', t => {
  const write = (meanwhile: boolean): string | undefined => {
    const rig = new Rig(map20);
    return rig.call('write', {}, () => {
      rig
        .iteration(OpFlag.WRITE, 0, 16)
        .begin(record(MapType.DELALLOC, 0, 16, -1, 0), () => meanwhile && rig.call('mapwrite', {}, () => {}) === null);
    })?.id;
  };
  t.is(write(false), 'MAP-20');
  t.is(write(true), undefined);
});

test('a reservation that begin made and did not call NEW is caught', t => {
  const write = (before: number, flags: number): string | undefined => {
    const rig = new Rig(map20);
    rig.file.map(0, 1, before, before > Fork.delay ? 3 : -1);
    return rig.call('write', {}, () => {
      rig.iteration(OpFlag.WRITE, 0, 16).begin(record(MapType.DELALLOC, 0, 16, -1, flags));
    })?.id;
  };
  t.is(write(Fork.hole, 0), 'MAP-20');
  t.is(write(Fork.delay, 0), undefined);
  t.is(write(Fork.written, MapFlag.SHARED), 'MAP-20', 'space for copies');
});
