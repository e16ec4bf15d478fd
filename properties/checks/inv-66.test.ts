import test from 'ava';
import { CallFlag, Fork } from '../../model/contract/index.js';
import { inv66 } from './inv-66.js';
import { Rig } from './testing/rig.js';

/** A synchronous direct write of block 1, which lies on device block 3. */
function write(during: (rig: Rig) => void, flags: number = CallFlag.DSYNC): string | undefined {
  const rig = new Rig(inv66);
  rig.file.map(0, 4, Fork.written, 2);
  return rig.call('dwrite', { offset: 16, length: 16, flags }, () => during(rig), 0, 16)?.message;
}
const data = new Uint8Array(16).fill(7);

test('FUA, or a flush after the data, makes a synchronous write durable', t => {
  t.is(
    write(rig => rig.write(16, 48, data, 0, false, true)),
    undefined,
  );
  t.regex(write(rig => rig.write(16, 48, data))!, /byte 16 was not flushed/);
  t.is(
    write(rig => rig.write(16, 48, data), 0),
    undefined,
  );
  t.is(
    write(rig => {
      rig.write(16, 48, data);
      rig.flush(1);
    }),
    undefined,
  );
});

test('the transactions that the bytes need are durable, too', t => {
  const logged = (rig: Rig, name: 'convert' | 'dsize', a: number, b: number, c: number, forced: number): void => {
    rig.write(16, 48, data, 0, false, true);
    rig.emit(name, a, b, c);
    rig.emit('commit', 5, 0, 0, -1);
    rig.emit('log-force', forced, 0, 0, -1);
  };
  t.regex(write(rig => logged(rig, 'convert', 1, 1, 3, 4))!, /mapping of \[16, 32\) is not durable/);
  t.regex(write(rig => logged(rig, 'dsize', 16, 32, 0, 4))!, /size 32 is not durable/);
  t.is(
    write(rig => logged(rig, 'convert', 1, 1, 3, 5)),
    undefined,
  );
  t.is(
    write(rig => logged(rig, 'convert', 3, 1, 5, 4)),
    undefined,
  );
});
