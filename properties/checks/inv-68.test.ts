import test from 'ava';
import { Fork } from '../../model/contract/index.js';
import { inv68 } from './inv-68.js';
import { Rig } from './testing/rig.js';

const data = new Uint8Array(16).fill(7);

test('data is flushed between its completion and the transaction that shows it', t => {
  const run = (before: (rig: Rig) => void, after: (rig: Rig) => void): string | undefined => {
    const rig = new Rig(inv68);
    return rig.call('fsync', {}, () => {
      before(rig);
      rig.write(16, 48, data);
      rig.emit('convert', 1, 1, 3);
      rig.emit('commit', 1, 0, 0, -1);
      after(rig);
      rig.emit('log-force', 1, 0, 0, -1);
    })?.message;
  };
  const nothing = (): void => {};
  t.is(
    run(nothing, rig => rig.flush(1)),
    undefined,
  );
  t.regex(run(nothing, nothing)!, /the transaction that shows \[16, 32\) is durable, but the data was not flushed/);
  t.regex(run(rig => rig.flush(1), nothing)!, /not flushed/);
  // Submitted before the data had completed: it covers nothing of it.
  t.regex(
    run(
      rig => rig.emit('flush-begin', 1, 0, 0, -1),
      rig => rig.emit('flush', 1, 0, 0, -1),
    )!,
    /not flushed/,
  );
});

test('a larger size waits for the data of its block', t => {
  const rig = new Rig(inv68);
  rig.file.map(0, 2, Fork.written, 2);
  const found = rig.call('fsync', {}, () => {
    rig.write(16, 48, data);
    rig.emit('dsize', 20, 30);
    rig.emit('commit', 1, 0, 0, -1);
    rig.emit('log-force', 1, 0, 0, -1);
  });
  t.regex(found!.message, /shows \[20, 30\) is durable/);
});
