import test from 'ava';
import { EIO, Fork } from '../../model/contract/index.js';
import { inv44 } from './inv-44.js';
import { B } from './testing/fake.js';
import { Rig } from './testing/rig.js';

test('the size on disk follows an ioend whose writes succeeded', t => {
  const complete = (status: number, to: number): string | undefined => {
    const rig = new Rig(inv44);
    rig.file.isize = 32;
    rig.file.map(0, 2, Fork.written, 3);
    return rig.call('complete', {}, () => {
      rig.emit('ioend-add', 0, 20, 3 * B);
      rig.emit('ioend-submit', 0, 20, 3 * B);
      rig.write(0, 3 * B, new Uint8Array(32), status);
      rig.file.dsize = to;
      rig.emit('dsize', 0, to);
    })?.message;
  };
  t.is(complete(0, 20), undefined);
  t.regex(complete(0, 32)!, /past the written ioends, which end at 20/);
  t.regex(complete(EIO, 20)!, /no written ioend/);
  t.regex(complete(0, 40)!, /past isize 32/);
});

test('a size on disk past the size is caught when a call returns', t => {
  const rig = new Rig(inv44);
  rig.look();
  rig.file.dsize = 8;
  rig.file.version++;
  t.regex(rig.look()!.message, /dsize 8 is past isize 0/);
});
