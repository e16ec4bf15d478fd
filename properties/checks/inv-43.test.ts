import test from 'ava';
import { EIO } from '../../model/contract/index.js';
import { inv43 } from './inv-43.js';
import { Rig } from './testing/rig.js';

test('a block is remapped only when its write is over', t => {
  const run = (during: (rig: Rig) => void): string | undefined => {
    const rig = new Rig(inv43);
    return rig.call('complete', {}, () => {
      rig.emit('allocate', 3, 2);
      during(rig);
      rig.emit('remap', 0, 2, 3);
    })?.message;
  };
  const data = new Uint8Array(32).fill(7);
  t.is(
    run(rig => rig.write(0, 48, data)),
    undefined,
  );
  t.regex(run(() => {})!, /nothing was written/);
  t.regex(run(rig => rig.write(0, 48, data, null))!, /still in flight/);
  t.regex(run(rig => rig.write(0, 48, data, EIO))!, /nothing was written/);
  t.regex(
    run(rig => rig.write(0, 48, data.subarray(0, 24)))!,
    /block 1 was remapped to device block 4, of which only a part/,
  );
});

test('what was written before the block was allocated does not count', t => {
  const rig = new Rig(inv43);
  const found = rig.call('complete', {}, () => {
    rig.write(0, 48, new Uint8Array(16));
    rig.emit('allocate', 3, 1);
    rig.emit('remap', 0, 1, 3);
  });
  t.is(found?.id, 'INV-43');
});
