import test from 'ava';
import { Fork, MapFlag, MapType, OpFlag } from '../../model/contract/index.js';
import { inv17 } from './inv-17.js';
import { B } from './testing/fake.js';
import { Rig, record } from './testing/rig.js';

const reserved = record(MapType.DELALLOC, 0, 64, -1, MapFlag.NEW);

/** A write of four delayed blocks ends after `written` bytes and gives back the pieces; the rest stays delayed. */
function shortWrite(
  pieces: readonly (readonly [offset: number, length: number])[],
  dirty: readonly number[],
  isize = 64,
): string | undefined {
  const rig = new Rig(inv17);
  rig.file.isize = isize;
  rig.file.map(0, 4, Fork.delay);
  for (const block of dirty) rig.file.cache(block, 1, 5, true);
  return rig.call('write', {}, () => {
    rig
      .iteration(OpFlag.WRITE, 0, 64)
      .begin(reserved)
      .end(16, () => {
        rig.emit('punch-scope', 16, 64);
        for (const [offset, length] of pieces) {
          rig.emit('punch', offset, length);
          rig.file.map(offset / B, length / B, Fork.hole);
        }
      })
      .finish();
  })?.message;
}

test('exactly what is not kept is given back', t => {
  t.is(
    shortWrite(
      [
        [16, 16],
        [48, 16],
      ],
      [0, 2],
    ),
    undefined,
  );
});

test('a dirty block given back is caught, a clean one left out too', t => {
  t.regex(shortWrite([[16, 48]], [0, 2])!, /block 2 is dirty/);
  t.regex(shortWrite([[16, 16]], [0, 2])!, /does not give back block 3/);
});

test('a piece outside the unused part, and one given back twice, are caught', t => {
  t.regex(shortWrite([[0, 64]], [])!, /not inside \[16, 64\)/);
  t.regex(
    shortWrite(
      [
        [16, 32],
        [32, 32],
      ],
      [],
    )!,
    /twice/,
  );
});

test('dirty cache behind the end keeps nothing', t => {
  t.is(shortWrite([[16, 48]], [0, 2], 20), undefined);
});

test('a mapping that is not NEW has nothing to give back', t => {
  const rig = new Rig(inv17);
  const found = rig.call('write', {}, () => {
    rig
      .iteration(OpFlag.WRITE, 0, 64)
      .begin(record(MapType.DELALLOC, 0, 64))
      .end(16, () => rig.emit('punch', 16, 48));
  });
  t.regex(found!.message, /MAP-45/);
});
