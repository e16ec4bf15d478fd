import test from 'ava';
import { inv47 } from './inv-47.js';
import { Rig } from './testing/rig.js';

test('bytes behind the end go to the device as zeroes', t => {
  const rig = new Rig(inv47);
  rig.file.isize = 20;
  const bytes = new Uint8Array(32).fill(7, 0, 20);
  t.is(
    rig.call('fsync', {}, () => rig.write(0, 48, bytes)),
    null,
  );
  bytes[24] = 9;
  t.regex(
    rig.call('fsync', {}, () => rig.write(0, 48, bytes))!.message,
    /byte 24 behind the end 20 goes to the device as 9/,
  );
});

test('a direct write that extends the file has its own end', t => {
  const rig = new Rig(inv47);
  const found = rig.call('dwrite', {}, () => {
    rig.emit('dio-begin', 0, 24, 1);
    rig.write(0, 48, new Uint8Array(32).fill(7, 0, 24));
  });
  t.is(found, null);
});

test('a store through a view during writeback may be there', t => {
  const rig = new Rig(inv47);
  rig.file.isize = 20;
  rig.emit('dirty', 0, 64, 1);
  t.is(
    rig.call('fsync', {}, () => rig.write(0, 48, new Uint8Array(32).fill(7))),
    null,
  );
});
