import test from 'ava';
import { CallFlag } from '../../model/contract/index.js';
import { inv57 } from './inv-57.js';
import { Rig } from './testing/rig.js';

test('an atomic write goes out whole and protected, or by the remaps of one transaction', t => {
  const atomic = (during: (rig: Rig) => void): string | undefined => {
    const rig = new Rig(inv57);
    return rig.call('dwrite', { offset: 16, length: 32, flags: CallFlag.ATOMIC }, () => during(rig), 0, 32)?.id;
  };
  const bytes = new Uint8Array(32);
  t.is(
    atomic(rig => rig.write(16, 48, bytes, 0, true)),
    undefined,
  );
  t.is(
    atomic(rig => rig.write(16, 48, bytes)),
    'INV-57',
  );
  t.is(
    atomic(rig => rig.emit('remap', 1, 2, 3)),
    undefined,
  );
  t.is(
    atomic(rig => {
      rig.emit('remap', 1, 1, 3);
      rig.emit('remap', 2, 1, 9);
      rig.emit('commit', 1, 0, 0);
    }),
    undefined,
  );
  t.is(
    atomic(rig => {
      rig.emit('remap', 1, 1, 3);
      rig.emit('commit', 1, 0, 0);
      rig.emit('remap', 2, 1, 9);
      rig.emit('commit', 2, 0, 0);
    }),
    'INV-57',
  );
});
