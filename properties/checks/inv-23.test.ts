import test from 'ava';
import { inv23 } from './inv-23.js';
import type { FakeFolio } from './testing/fake.js';
import { Rig } from './testing/rig.js';

test('counters agree with lock and writeback bit', t => {
  const states: readonly [change: Partial<FakeFolio>, wrong: boolean][] = [
    [{ readPending: 16, locked: true }, false],
    [{ readPending: 16 }, true],
    [{ writePending: 16, writeback: true }, false],
    [{ writePending: 16 }, true],
    [{ writeback: true }, true],
    [{ writeback: true, hasBlockState: false }, false],
    [{ writePending: -8, writeback: true }, true],
  ];
  for (const [change, wrong] of states) {
    const rig = new Rig(inv23);
    rig.quiet = false;
    Object.assign(rig.file.cache(0, 4, 5), change);
    t.is(rig.look()?.id, wrong ? 'INV-23' : undefined, JSON.stringify(change));
  }
});

test('nothing is in flight when all is quiet', t => {
  const rig = new Rig(inv23);
  Object.assign(rig.file.cache(0, 4, 5), { writePending: 16, writeback: true });
  t.regex(rig.look()!.message, /nothing running/);
});
