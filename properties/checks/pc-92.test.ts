import test from 'ava';
import type { OperationName } from '../../model/contract/index.js';
import { pc92 } from './pc-92.js';
import { B } from './testing/fake.js';
import { Rig } from './testing/rig.js';

/** A file of eight dirty blocks in two folios, and a call during which `during` happens. */
function call(
  name: OperationName,
  fields: object,
  during: (rig: Rig) => void,
  setUp: (rig: Rig) => void = () => {},
  error = 0,
): string | undefined {
  const rig = new Rig(pc92);
  rig.file.isize = 8 * B;
  rig.file.cache(0, 4, 1, true);
  rig.file.cache(4, 4, 1, true);
  setUp(rig);
  return rig.call(name, fields, () => during(rig), error)?.message;
}

const nothing = (): void => {};

test('a block that a truncate cut off and left dirty is caught', t => {
  t.regex(call('truncate', { size: 3 * B }, nothing)!, /block 3 is dirty after truncate removed it from the cache/);
  t.is(
    call('truncate', { size: 3 * B }, rig => rig.file.clean(3, 5)),
    undefined,
  );
});

test('the block of the new end may stay dirty, the next may not', t => {
  t.is(
    call('truncate', { size: 3 * B + 1 }, rig => rig.file.clean(4, 4)),
    undefined,
  );
  t.regex(call('truncate', { size: 3 * B + 1 }, rig => rig.file.clean(5, 3))!, /block 4/);
});

test('of a punched range the blocks wholly inside count', t => {
  const punch = (offset: number, length: number): string | undefined =>
    call('punch', { offset, length }, rig => rig.file.clean(2, 2));
  t.is(punch(2 * B, 2 * B), undefined);
  t.is(punch(B + 1, 3 * B + 5), undefined);
  t.regex(punch(B, 3 * B)!, /block 1 is dirty after punch/);
  t.regex(punch(2 * B, 3 * B)!, /block 4/);
});

test('collapse and insert remove everything from their place on', t => {
  for (const name of ['collapse', 'insert'] as const) {
    t.is(
      call(name, { offset: B, length: B }, rig => rig.file.clean(1, 7)),
      undefined,
    );
    t.regex(call(name, { offset: B, length: B }, rig => rig.file.clean(1, 6))!, /block 7/);
  }
});

test('what was stored meanwhile may be dirty, a failed call promises nothing', t => {
  t.is(
    call('truncate', { size: 3 * B }, rig => rig.emit('dirty', 3 * B + 2, 5 * B - 2)),
    undefined,
  );
  t.regex(call('truncate', { size: 3 * B }, rig => rig.emit('dirty', 3 * B + 2, B))!, /block 5/);
  t.regex(call('truncate', { size: 3 * B }, rig => rig.emit('dirty', 3 * B, 5 * B, 0, 1))!, /block 3/);
  t.is(call('truncate', { size: 3 * B }, nothing, nothing, 5), undefined);
});

test('a folio without block state has no D bits to lose', t => {
  const divide = (state: boolean) => (rig: Rig) => {
    for (const folio of rig.file.folios) folio.hasBlockState = state;
  };
  t.is(call('truncate', { size: 3 * B }, divide(true), divide(false)), undefined, 'it got its state meanwhile');
});
