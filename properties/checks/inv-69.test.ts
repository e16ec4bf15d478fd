import test from 'ava';
import { Fork } from '../../model/contract/index.js';
import { inv69 } from './inv-69.js';
import { Rig } from './testing/rig.js';

/** The file is cut to 20 while the device holds 7 behind that in its block; then it grows to 30. */
function grown(between: (rig: Rig) => void): string | undefined {
  const rig = new Rig(inv69);
  rig.file.map(0, 2, Fork.written, 2);
  rig.device.contents.fill(7, 32, 64);
  rig.call('truncate', { size: 20 }, () => rig.emit('dsize', 32, 20));
  return rig.call('fsync', {}, () => {
    between(rig);
    rig.emit('dsize', 20, 30);
    rig.emit('commit', 1, 0, 0, -1);
    rig.emit('log-force', 1, 0, 0, -1);
  })?.message;
}

test('what a truncate cut off is gone from the device before a larger size is durable', t => {
  t.regex(grown(() => {})!, /size 30 is durable, but byte 20 on the device is what the cut to 20 left there/);
  t.is(
    grown(rig => rig.device.contents.fill(0, 52, 64)),
    undefined,
  );
  t.is(
    grown(rig => rig.truth.of(0).fill(7, 20, 30)),
    undefined,
  );
  t.is(
    grown(rig => rig.file.map(1, 1, Fork.written, 9)),
    undefined,
  );
});

test('a growth that became durable together with the later cut exposes nothing', t => {
  const rig = new Rig(inv69);
  rig.file.map(0, 2, Fork.written, 2);
  rig.device.contents.fill(7, 32, 64);
  const found = rig.call('fsync', {}, () => {
    rig.emit('dsize', 16, 30);
    rig.emit('commit', 1, 0, 0, -1);
    rig.emit('dsize', 30, 20);
    rig.emit('commit', 2, 0, 0, -1);
    rig.emit('log-force', 2, 0, 0, -1);
  });
  t.is(found, null);
});

test('what is written behind the end after a mount was not left there by it', t => {
  const rig = new Rig(inv69);
  rig.file.map(0, 2, Fork.written, 2);
  rig.file.dsize = 20;
  rig.device.contents.fill(0, 32, 64);
  rig.call('remount');
  const found = rig.call('dwrite', { offset: 16, length: 16 }, () => {
    rig.write(16, 48, new Uint8Array(16).fill(9));
    rig.emit('dsize', 0, 16, 0, 1);
    rig.emit('dsize', 20, 32);
    rig.emit('commit', 1, 0, 0, -1);
    rig.emit('log-force', 1, 0, 0, -1);
  });
  t.is(found, null);
  rig.device.contents.fill(7, 32, 64);
  rig.file.dsize = 20;
  rig.call('remount');
  const left = rig.call('fsync', {}, () => {
    rig.emit('dsize', 20, 32);
    rig.emit('commit', 2, 0, 0, -1);
    rig.emit('log-force', 2, 0, 0, -1);
  });
  t.regex(left!.message, /byte 20 on the device is what the cut to 20 left there/);
});

test('what a clone brought behind its end is gone from the device before a larger size is durable', t => {
  const cloned = (name: 'reflink' | 'dwrite', between: (rig: Rig) => void, shared = true): string | undefined => {
    const rig = new Rig(inv69);
    rig.file.map(0, 2, Fork.written, 2);
    rig.file.blocks[1]!.shared = shared;
    rig.device.contents.fill(7, 32, 64);
    rig.call(name, {}, () => {
      rig.emit('dsize', 0, 16);
      rig.emit('dsize', 16, 20);
      rig.emit('commit', 1, 0, 0, -1);
    });
    return rig.call('fsync', {}, () => {
      rig.emit('log-force', 1, 0, 0, -1);
      between(rig);
      rig.emit('dsize', 20, 30);
      rig.emit('commit', 2, 0, 0, -1);
      rig.emit('log-force', 2, 0, 0, -1);
    })?.message;
  };
  t.regex(
    cloned('reflink', () => {})!,
    /size 30 is durable, but byte 20 on the device is what a clone up to 20 brought/,
  );
  t.is(
    cloned('reflink', rig => rig.device.contents.fill(0, 52, 64)),
    undefined,
  );
  t.is(
    cloned('reflink', rig => rig.file.map(1, 1, Fork.written, 9)),
    undefined,
    'it was copied before',
  );
  t.is(
    cloned('dwrite', () => {}),
    undefined,
  );
  t.is(
    cloned('reflink', () => {}, false),
    undefined,
    'the clone wrote the file back before',
  );
});

test('a clone behind the end shows what was cut off before', t => {
  const rig = new Rig(inv69);
  rig.file.map(0, 2, Fork.written, 2);
  rig.device.contents.fill(7, 32, 64);
  rig.call('truncate', { size: 20 }, () => rig.emit('dsize', 32, 20));
  const found = rig.call('reflink', { offset: 32 }, () => {
    rig.file.map(2, 2, Fork.written, 5);
    rig.emit('dsize', 20, 60);
    rig.emit('commit', 1, 0, 0, -1);
    rig.emit('log-force', 1, 0, 0, -1);
  });
  t.regex(found!.message, /size 60 is durable, but byte 20 on the device is what the cut to 20 left there/);
});
