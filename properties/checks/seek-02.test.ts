import test from 'ava';
import { Fork } from '../../model/contract/index.js';
import { seek02 } from './seek-02.js';
import { B } from './testing/fake.js';
import { Rig } from './testing/rig.js';

function rigWithFile(): Rig {
  const rig = new Rig(seek02);
  rig.file.isize = 8 * B;
  rig.file.map(0, 8, Fork.unwritten, 3);
  rig.look();
  return rig;
}

/** A seek that finds `at`. */
function seek(rig: Rig, name: 'seekData' | 'seekHole', at: number): string | undefined {
  const call = rig.begin(name, { offset: 0 });
  rig.answer.clear();
  rig.answer.count = at;
  return rig.checks.returned(call, rig.answer)?.message;
}

test('a place that both seeks find is caught, in either order', t => {
  for (const [first, second] of [
    ['seekData', 'seekHole'],
    ['seekHole', 'seekData'],
  ] as const) {
    const rig = rigWithFile();
    t.is(seek(rig, first, 2 * B), undefined);
    t.regex(seek(rig, second, 2 * B)!, /both find byte/);
  }
});

test('the end is both, and what changed in between may be found otherwise', t => {
  const rig = rigWithFile();
  t.is(seek(rig, 'seekHole', 8 * B), undefined);
  t.is(seek(rig, 'seekData', 8 * B), undefined);
  t.is(seek(rig, 'seekData', 2 * B), undefined);
  rig.file.cache(2, 1, 0);
  rig.emit('uptodate', 2 * B, B);
  rig.look();
  t.is(seek(rig, 'seekHole', 2 * B), undefined);
});
