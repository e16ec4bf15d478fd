import test from 'ava';
import { inv52 } from './inv-52.js';
import { Rig } from './testing/rig.js';

test('a block that a direct write covered in part is caught when it is converted', t => {
  const write = (length: number): string | undefined => {
    const rig = new Rig(inv52);
    return rig.call('dwrite', {}, () => {
      rig.emit('dio-begin', 0, 8, 1);
      rig.emit('allocate', 3, 1);
      rig.write(0, 48, new Uint8Array(length));
      rig.emit('convert', 0, 1, 3);
    })?.id;
  };
  t.is(write(16), undefined);
  t.is(write(8), 'INV-52');
});
