import test from 'ava';
import { inv26 } from './inv-26.js';
import { Rig } from './testing/rig.js';

test('a cached byte that is not the truth is caught and explained', t => {
  const rig = new Rig(inv26);
  rig.file.isize = 20;
  rig.truth.of(0).fill(7, 0, 20);
  t.is(
    rig.call('write', { length: 20 }, () => void rig.file.cache(0, 2, 7)),
    null,
  );
  rig.truth.of(0)[17] = 8;
  const found = rig.call('write', { length: 20 });
  t.is(found?.offset, 17);
  t.regex(found!.message, /cached, clean byte 17 \(block 1\) is wrong: byte 17 of file 0 shows 7, not 8/);
});

test('blocks that nothing points to are compared in turn', t => {
  const rig = new Rig(inv26);
  rig.file.isize = 512;
  for (let block = 0; block < 32; block += 4) rig.file.cache(block, 4, 0);
  t.is(rig.look(), null);
  rig.file.memory[500] = 3;
  const found = Array.from({ length: 5 }, () => {
    rig.file.version++;
    return rig.look();
  }).find(finding => finding !== null);
  t.is(found?.offset, 500);
});

test('bytes behind the end, blocks not uptodate and locked folios are not compared', t => {
  const rig = new Rig(inv26);
  rig.file.isize = 16;
  rig.file.cache(0, 2, 0);
  rig.file.memory[20] = 3;
  t.is(rig.call('write', { length: 64 }), null);
  rig.file.isize = 64;
  rig.file.folios[0]!.locked = true;
  t.is(
    rig.call('write', { length: 64 }, () => rig.file.version++),
    null,
  );
  rig.file.folios[0]!.locked = false;
  rig.file.version++;
  t.is(rig.look()?.offset, 20);
});
