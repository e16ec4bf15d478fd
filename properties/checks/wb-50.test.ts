import test from 'ava';
import { EIO, Fork } from '../../model/contract/index.js';
import { B } from './testing/fake.js';
import { Rig } from './testing/rig.js';
import { wb50 } from './wb-50.js';

/** An ioend over two blocks; `between` happens between its submission and its end. */
function complete(between: (rig: Rig) => void): string | undefined {
  const rig = new Rig(wb50);
  rig.file.isize = 32;
  rig.file.map(0, 2, Fork.unwritten, 3);
  return rig.call('complete', {}, () => {
    rig.emit('ioend-add', 0, 32, 3 * B);
    rig.emit('ioend-submit', 0, 32, 3 * B);
    between(rig);
    rig.emit('ioend-done', 0, 32);
  })?.message;
}
const bytes = new Uint8Array(32);

test('data, conversion, size, end: that is the order', t => {
  t.is(
    complete(rig => {
      rig.write(0, 3 * B, bytes);
      rig.emit('convert', 0, 2, 3);
      rig.emit('dsize', 0, 32);
    }),
    undefined,
  );
});

test('a conversion before the data is on the device is caught', t => {
  t.regex(complete(rig => rig.emit('convert', 0, 2, 3))!, /"convert" while inFlight/);
});

test('an ioend that ends in flight, or converts after it failed, is caught', t => {
  t.regex(complete(() => {})!, /"finish" while inFlight/);
  t.regex(
    complete(rig => {
      rig.write(0, 3 * B, bytes, EIO);
      rig.emit('convert', 0, 2, 3);
    })!,
    /"convert" while failed/,
  );
});
