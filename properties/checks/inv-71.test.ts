import test from 'ava';
import { IterStep, OpFlag } from '../../model/contract/index.js';
import { inv71 } from './inv-71.js';
import { Rig } from './testing/rig.js';

/** A begin with these flags under these locks (level, mode). */
function begin(flags: number, ...held: readonly (readonly [level: number, mode: number])[]): string | undefined {
  const rig = new Rig(inv71);
  // The target tells about these classes at all.
  for (const level of [1, 3, 5, 8]) {
    rig.emit('lock', level, 0, 2);
    rig.emit('unlock', level, 0, 2);
  }
  return rig.call('write', {}, () => {
    for (const [level, mode] of held) rig.emit('lock', level, mode, 1);
    rig.iteration(flags, 0, 16).tell(IterStep.beginning);
  })?.message;
}

test('a buffered write needs L1 exclusively and no folio lock', t => {
  t.is(begin(OpFlag.WRITE, [1, 1]), undefined);
  t.regex(begin(OpFlag.WRITE, [1, 0])!, /without L1 \(i_rwsem\) held exclusively/);
  t.regex(begin(OpFlag.WRITE, [1, 1], [5, 1])!, /under L5/);
});

test('zeroing needs L3 too, a fault its folio, a direct read L1 shared', t => {
  t.is(begin(OpFlag.ZERO, [1, 1], [3, 1]), undefined);
  t.regex(begin(OpFlag.ZERO, [1, 1])!, /L3/);
  t.is(begin(OpFlag.WRITE | OpFlag.FAULT, [3, 0], [5, 1]), undefined);
  t.regex(begin(OpFlag.WRITE | OpFlag.FAULT, [3, 0])!, /L5/);
  t.is(begin(OpFlag.DIRECT, [1, 0]), undefined);
  t.regex(begin(OpFlag.REPORT | OpFlag.SEEK, [8, 0])!, /under L8/);
});

test('a report needs L1 shared, a seek nothing', t => {
  t.is(begin(OpFlag.REPORT, [1, 0]), undefined);
  t.regex(begin(OpFlag.REPORT)!, /a report by task 1 without L1/);
  t.is(begin(OpFlag.REPORT | OpFlag.SEEK), undefined);
});

test('a target that tells no locks is not judged', t => {
  const rig = new Rig(inv71);
  t.is(
    rig.call('write', {}, () => void rig.iteration(OpFlag.WRITE, 0, 16).tell(IterStep.beginning)),
    null,
  );
});
