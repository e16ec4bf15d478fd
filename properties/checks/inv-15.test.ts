import test from 'ava';
import { Fork } from '../../model/contract/index.js';
import { inv15 } from './inv-15.js';
import { Rig } from './testing/rig.js';

test('blocks outside the device, and addresses of nothing, are caught', t => {
  const place = (data: number, block: number): string | undefined => {
    const rig = new Rig(inv15);
    rig.look();
    rig.file.map(0, 1, data, block);
    return rig.look()?.id;
  };
  t.is(place(Fork.written, 63), undefined);
  t.is(place(Fork.written, 64), 'INV-15');
  t.is(place(Fork.unwritten, -1), 'INV-15');
  t.is(place(Fork.delay, 5), 'INV-15');
});
