import test from 'ava';
import { EIO, type OperationName } from '../../model/contract/index.js';
import { B } from './testing/fake.js';
import { Rig } from './testing/rig.js';
import { wb60 } from './wb-60.js';

/** Two dirty folios of four blocks each, of which the file has six; `during` is what the call does. */
function call(name: OperationName, during: (rig: Rig) => void, error = 0): string | undefined {
  const rig = new Rig(wb60);
  rig.file.isize = 6 * B;
  rig.file.cache(0, 4, 1, true);
  rig.file.cache(4, 4, 1, true);
  return rig.call(name, {}, () => during(rig), error)?.message;
}

for (const error of [0, EIO])
  test(`a block that is left dirty is caught, with answer ${error}`, t => {
    for (const name of ['fsync', 'fdatasync'] as const) {
      t.regex(call(name, rig => rig.file.clean(0, 4), error)!, new RegExp(`block 4 is still dirty after ${name}`));
      t.is(
        call(name, rig => rig.file.clean(0, 8), error),
        undefined,
      );
    }
  });

test('nothing is said of blocks behind the end, of what was stored meanwhile, and of other calls', t => {
  t.is(
    call('fsync', rig => rig.file.clean(0, 6)),
    undefined,
  );
  const stored = (from: number, length: number) => (rig: Rig) => {
    rig.file.clean(0, 4);
    rig.emit('dirty', from, length);
  };
  t.is(call('fsync', stored(4 * B, 2 * B)), undefined);
  t.regex(call('fsync', stored(4 * B, B))!, /block 5/);
  t.is(
    call('writeback', () => {}),
    undefined,
  );
});
