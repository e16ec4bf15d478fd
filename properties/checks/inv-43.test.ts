import test from 'ava';
import { CowFork, EIO } from '../../model/contract/index.js';
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

test('the old block is unmapped in the transaction of the remap', t => {
  const run = (state: number, commits: boolean, second = 1): string | undefined => {
    const rig = new Rig(inv43);
    rig.file.blocks[1]!.cow = state;
    return rig.call('complete', {}, () => {
      rig.emit('allocate', 3, 1);
      rig.write(16, 48, new Uint8Array(16));
      rig.emit('lock', 7, 0, 1);
      rig.emit('extent', 1, 1, 0);
      if (commits) {
        rig.emit('commit', 1);
        rig.emit('unlock', 7, 0, 1);
        rig.emit('lock', 7, 0, second);
      }
      rig.emit('extent', 1, 1, 3);
      rig.emit('remap', 1, 1, 3);
      rig.emit('commit', 2);
    })?.message;
  };
  t.is(run(CowFork.busy, false), undefined);
  t.regex(run(CowFork.busy, true)!, /block 1 was remapped to device block 3 after a transaction that unmapped its old/);
  // What was no busy space then, or what another task did, says nothing.
  t.is(run(CowFork.real, true), undefined);
  t.is(run(CowFork.busy, true, 2), undefined);
});

test('what another call unmapped, or another task committed, says nothing', t => {
  const rig = new Rig(inv43);
  rig.file.blocks[1]!.cow = CowFork.busy;
  const unmap = (): void => {
    rig.emit('lock', 7, 0, 1);
    rig.emit('extent', 1, 1, 0);
  };
  const remap = (): void => {
    rig.emit('remap', 1, 1, 3);
    rig.emit('commit', 2);
    rig.emit('unlock', 7, 0, 1);
  };
  const first = rig.call('punch', {}, () => {
    rig.emit('allocate', 3, 1);
    rig.write(16, 48, new Uint8Array(16));
    unmap();
    rig.emit('commit', 1);
    rig.emit('unlock', 7, 0, 1);
  });
  t.is(first, null);
  t.is(
    rig.call('complete', {}, () => {
      rig.emit('lock', 7, 0, 1);
      remap();
    }),
    null,
  );
  const other = rig.call('complete', {}, () => {
    unmap();
    rig.emit('lock', 7, 0, 2);
    rig.emit('commit', 3);
    rig.emit('unlock', 7, 0, 2);
    remap();
  });
  t.is(other, null);
});
