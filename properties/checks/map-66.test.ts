import test from 'ava';
import { EIO, type Finding, IterStep, MapFlag, MapType, OpFlag } from '../../model/contract/index.js';
import { map66 } from './map-66.js';
import { type FakeIteration, Rig, record } from './testing/rig.js';

const mapped = record(MapType.MAPPED, 0, 64, 0);

/** A write of 32 bytes that is found stale after 8 of them; `rest` is what its iteration does then. */
function afterStale(rest: (it: FakeIteration) => void, times = 1): Finding | null {
  const rig = new Rig(map66);
  return rig.call('write', {}, () => {
    const it = rig.iteration(OpFlag.WRITE, 0, 32);
    for (let i = 0; i < times; i++) {
      it.begin(mapped);
      it.iomap.flags |= MapFlag.STALE;
      it.end(i === 0 ? 8 : 0);
    }
    rest(it);
  });
}

test('an iteration that finishes what is left is fine, however often it was stale', t => {
  for (const times of [1, 2, 50])
    t.is(
      afterStale(it => it.begin(mapped).end(24).finish(), times),
      null,
    );
});

test('a begin after STALE that asks for less than what is left is caught', t => {
  const found = afterStale(it => {
    it.length = 8;
    it.begin(mapped).end(8).finish();
  });
  t.regex(found!.message, /began again with 8 bytes at 8 instead of 24 at 8/);
});

test('a begin after STALE that forgets how far the last one came is caught', t => {
  const found = afterStale(it => {
    it.pos = 0;
    it.length = 32;
    it.begin(mapped).end(32).finish();
  });
  t.is(found?.id, 'MAP-66');
});

test('giving up is caught, silently or with an errno', t => {
  t.regex(afterStale(it => it.finish(), 3)!.message, /gave up at 8 with 24 bytes left/);
  t.regex(afterStale(it => it.finish(EIO), 3)!.message, /ended with EIO because of it/);
});

test('a mapping that is not stale and serves nothing ends the iteration, and so does an errno of begin', t => {
  t.is(
    afterStale(it => it.begin(mapped).end(0).finish()),
    null,
  );
  t.is(
    afterStale(it => it.tell(IterStep.beginning).tell(IterStep.beginFailed, EIO).finish(EIO)),
    null,
  );
});
