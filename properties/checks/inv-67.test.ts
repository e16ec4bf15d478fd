import test from 'ava';
import { inv67 } from './inv-67.js';
import { Rig } from './testing/rig.js';

test('a freed block is written again only when its freeing is durable', t => {
  const run = (during: (rig: Rig) => void): string | undefined => {
    const rig = new Rig(inv67);
    return rig.call('writeback', {}, () => {
      rig.emit('free', 3, 2);
      during(rig);
      rig.write(0, 64, new Uint8Array(16));
    })?.message;
  };
  const commit = (rig: Rig, position: number): void => rig.emit('commit', position, 0, 0, -1);
  t.regex(run(() => {})!, /device block 4, whose freeing is not durable/);
  t.regex(run(rig => commit(rig, 2))!, /not durable/);
  t.is(
    run(rig => {
      commit(rig, 2);
      rig.emit('log-force', 2, 0, 0, -1);
    }),
    undefined,
  );
  t.regex(
    run(rig => {
      commit(rig, 2);
      rig.emit('log-force', 1, 0, 0, -1);
    })!,
    /not durable/,
  );
});
