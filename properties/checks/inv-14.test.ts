import test from 'ava';
import { CowFork, Fork } from '../../model/contract/index.js';
import { inv14 } from './inv-14.js';
import { Rig } from './testing/rig.js';

test('references that the maps do not show are caught', t => {
  const rig = new Rig(inv14);
  rig.look();
  rig.file.map(0, 1, Fork.written, 3);
  rig.space.owners.set(3, 1);
  t.is(rig.look(), null);
  rig.file.map(1, 1, Fork.unwritten, 4);
  t.regex(rig.look()!.message, /device block 4 \(block 1 of file 0\) has 0 references, but 1 forks refer to it/);
});

test('written blocks may be shared, unwritten ones may not', t => {
  const rig = new Rig(inv14);
  rig.file.map(0, 1, Fork.written, 3);
  rig.files[1]!.map(0, 1, Fork.written, 3);
  rig.space.owners.set(3, 2);
  t.is(rig.look(), null);
  rig.file.map(0, 1, Fork.unwritten, 3);
  t.regex(rig.look()!.message, /shared by 2 forks/);
});

test('metadata in a map is caught', t => {
  const rig = new Rig(inv14);
  rig.file.map(0, 1, Fork.written, 3);
  rig.space.owners.set(3, 1);
  rig.space.metadata.add(3);
  t.regex(rig.look()!.message, /metadata/);
});

test('a remount is counted anew', t => {
  const rig = new Rig(inv14);
  rig.file.mapCow(0, 1, CowFork.real, 3);
  rig.space.owners.set(3, 1);
  t.is(rig.look(), null);
  t.is(
    rig.call('remount', {}, () => {
      rig.file.mapCow(0, 1, CowFork.none);
      rig.space.owners.clear();
    }),
    null,
  );
});

test('blocks that another file has for a while are counted when it gives them back', t => {
  const rig = new Rig(inv14);
  rig.look();
  rig.file.map(0, 1, Fork.written, 3);
  rig.space.owners.set(3, 1);
  t.is(rig.look(), null);
  const lend = (): string | undefined =>
    rig.call('reuse', {}, () => {
      rig.file.map(0, 1, Fork.hole);
      t.is(rig.look(), null);
    })?.message;
  t.regex(lend()!, /device block 3 has 1 references, but 0 forks refer to it/);
});
