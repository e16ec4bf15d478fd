import test from 'ava';
import { MapType, OpFlag } from '../../model/contract/index.js';
import { map30 } from './map-30.js';
import { Rig, record } from './testing/rig.js';

test('a mapping that does not span a request that must not wait is caught', t => {
  const write = (flags: number, length: number, type: MapType, pos = 0): string | undefined => {
    const rig = new Rig(map30);
    return rig.call('dwrite', {}, () => {
      rig.iteration(OpFlag.DIRECT | OpFlag.WRITE | flags, pos, 32 - pos).begin(record(type, 0, length, 0));
    })?.id;
  };
  t.is(write(OpFlag.NOWAIT, 32, MapType.MAPPED), undefined);
  t.is(write(OpFlag.NOWAIT, 16, MapType.MAPPED), 'MAP-30');
  t.is(write(0, 16, MapType.MAPPED), undefined);
  t.is(write(OpFlag.OVERWRITE_ONLY, 32, MapType.UNWRITTEN), undefined);
  t.is(write(OpFlag.OVERWRITE_ONLY, 32, MapType.UNWRITTEN, 8), 'MAP-30');
});
