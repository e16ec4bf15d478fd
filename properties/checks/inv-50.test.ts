import test from 'ava';
import { inv50 } from './inv-50.js';
import { Rig } from './testing/rig.js';

test('a request that follows its chart is fine', t => {
  const rig = new Rig(inv50);
  t.is(
    rig.call('dwrite', {}, () => {
      rig.emit('dio-begin', 0, 16, 1);
      rig.emit('dio-submit', 0, 16, 1);
      rig.write(0, 48, new Uint8Array(16));
      rig.emit('dio-end-io', 0, 16, 1);
      rig.emit('dio-done', 0, 16, 1);
    }),
    null,
  );
});

test('end_io that runs twice, or before the last write is over, is caught', t => {
  const rig = new Rig(inv50);
  t.regex(
    rig.call('dwrite', {}, () => {
      rig.emit('dio-begin', 0, 16, 1);
      rig.emit('dio-end-io', 0, 16, 1);
      rig.emit('dio-end-io', 0, 16, 1);
    })!.message,
    /"endIo" while ending/,
  );
  t.regex(
    rig.call('dwrite', {}, () => {
      rig.emit('dio-begin', 32, 16, 2);
      rig.emit('dio-submit', 32, 16, 2);
      rig.write(32, 48, new Uint8Array(16), null);
      rig.emit('dio-end-io', 32, 16, 2);
    })!.message,
    /in flight/,
  );
});

test('a size cut during a request, and a request never done, are caught', t => {
  const rig = new Rig(inv50);
  t.regex(
    rig.call('truncate', {}, () => {
      rig.emit('dio-begin', 0, 16, 1);
      rig.emit('isize', 16, 4);
    })!.message,
    /DIO-09/,
  );
  t.regex(rig.look()!.message, /never done/);
});
