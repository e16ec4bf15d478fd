import test from 'ava';
import { MapType, OpFlag } from '../../model/contract/index.js';
import { inv05 } from './inv-05.js';
import { Rig, record } from './testing/rig.js';

const mapped = record(MapType.MAPPED, 0, 64, 0);

test('a count that is the sum of the ends is fine, another is caught', t => {
  const answer = (count: number): string | undefined => {
    const rig = new Rig(inv05);
    return rig.call(
      'write',
      { length: 32 },
      () => {
        rig.iteration(OpFlag.WRITE, 0, 32).begin(mapped).end(8).begin(mapped).end(24).finish();
      },
      0,
      count,
    )?.id;
  };
  t.is(answer(32), undefined);
  t.is(answer(24), 'INV-05');
});

test('a direct read of a block may go without iteration; one that iterates, or is larger, may not', t => {
  const read = (length: number, iterates: boolean, count = length): string | undefined => {
    const rig = new Rig(inv05);
    const during = (): void => {
      if (iterates) rig.iteration(OpFlag.DIRECT, 0, length).begin(mapped).end(0).finish();
    };
    return rig.call('dread', { length }, during, 0, count)?.id;
  };
  t.is(read(16, false), undefined);
  t.is(read(16, false, 8), 'INV-05');
  t.is(read(16, true), 'INV-05');
  t.is(read(32, false), 'INV-05');
});

test('a begin that skips bytes is caught', t => {
  const rig = new Rig(inv05);
  const found = rig.call('write', { length: 32 }, () => {
    const it = rig.iteration(OpFlag.WRITE, 0, 32).begin(mapped).end(8);
    it.pos += 8;
    it.begin(mapped);
  });
  t.regex(found!.message, /ends so far reached 8/);
});
