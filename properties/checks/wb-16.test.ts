import test from 'ava';
import { Rig } from './testing/rig.js';
import { wb16 } from './wb-16.js';

/** What an `extent` event says. */
const [hole, delayed, unwritten, written] = [0, 1, 2, 3] as const;

function states(...list: readonly number[]): string | undefined {
  const rig = new Rig(wb16);
  return rig.call('write', {}, () => {
    for (const state of list) rig.emit('extent', 2, 2, state);
  })?.message;
}

test('a block that goes the ways of the chart is fine', t => {
  t.is(states(delayed, unwritten, written, hole, unwritten, hole, written, hole, delayed, hole), undefined);
});

test('a delayed block that is written at once is caught', t => {
  t.regex(states(delayed, written)!, /"convert" while delayed/);
});

test('reserving, allocating or attaching where a block is already is caught', t => {
  t.regex(states(unwritten, written, delayed)!, /"reserve" while written/);
  t.regex(states(unwritten, written, unwritten)!, /"allocate" while written/);
  t.regex(states(unwritten, written, written)!, /"convert" while written/);
});

test('a hole up to the end of all files is of the blocks that were met', t => {
  const rig = new Rig(wb16);
  const found = rig.call('truncate', {}, () => {
    rig.emit('extent', 3, 1, unwritten);
    rig.emit('extent', 0, 2 ** 49, hole);
    rig.emit('extent', 3, 1, delayed);
  });
  t.is(found, null);
});

test('what collapse moved is not known until it changes', t => {
  const rig = new Rig(wb16);
  rig.call('write', {}, () => rig.emit('extent', 2, 2, delayed));
  rig.call('collapse');
  t.is(
    rig.call('write', {}, () => rig.emit('extent', 2, 2, written)),
    null,
  );
  t.not(
    rig.call('write', {}, () => rig.emit('extent', 2, 2, delayed)),
    null,
  );
});
