import test from 'ava';
import { CallFlag, EAGAIN, Fork, OpFlag } from '../../model/contract/index.js';
import { dio08 } from './dio-08.js';
import { B } from './testing/fake.js';
import { Rig, record } from './testing/rig.js';

const mapped = record(2, 0, 4 * B, 2 * B);

/** A direct write of block 1 of four, which lie on the device; `direct` bytes of it did not go through the cache. */
function write(
  before: (rig: Rig) => void,
  { flags = CallFlag.NOWAIT as number, error = 0, direct = B, during = (_rig: Rig): void => {} } = {},
): string | undefined {
  const rig = new Rig(dio08);
  rig.file.isize = 4 * B;
  rig.file.map(0, 4, Fork.written, 2);
  before(rig);
  const request = (): void => {
    rig
      .iteration(OpFlag.WRITE | OpFlag.DIRECT | OpFlag.NOWAIT, B, B)
      .begin(mapped)
      .end(direct)
      .finish();
    during(rig);
  };
  return rig.call('dwrite', { offset: B, length: B, flags }, request, error, error === 0 ? B : 0)?.message;
}

test('a cached block has to be refused', t => {
  const cached = (rig: Rig) => rig.file.cache(1, 1, 7);
  t.regex(write(cached)!, /dwrite under NOWAIT succeeded, though block 1 is cached; expected -EAGAIN/);
  t.is(write(cached, { error: EAGAIN }), undefined);
  t.is(write(cached, { flags: 0 }), undefined);
  t.is(
    write(() => {}),
    undefined,
  );
});

test('so has a hole', t => {
  const holed = (rig: Rig) => rig.file.map(1, 1, Fork.hole);
  t.regex(write(holed)!, /block 1 is a hole/);
  t.is(
    write(rig => rig.file.map(1, 1, Fork.unwritten, 3)),
    undefined,
  );
  t.is(
    write(rig => rig.file.map(0, 1, Fork.hole)),
    undefined,
    'outside of it',
  );
  t.is(write(holed, { direct: 0 }), undefined, 'through the page cache');
});

test('nothing is said beside others', t => {
  const during = (rig: Rig): void => {
    rig.call('read', { length: B });
  };
  t.is(
    write(rig => rig.file.map(1, 1, Fork.hole), { during }),
    undefined,
  );
});
