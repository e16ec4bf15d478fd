/**
 * The table and the machine it was compiled from must agree: over every path a generator finds in the machine, and over
 * random events, legal and illegal.
 */
import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { createMachine, getInitialSnapshot, getNextSnapshot } from 'xstate';
import { getSimplePaths } from 'xstate/graph';
import { compileChart, REFUSED, stepChart } from './compile.js';
import { CHARTS } from './index.js';

for (const { machine, table } of CHARTS) {
  test(`the table of ${machine.id} follows every simple path of its machine`, t => {
    const paths = getSimplePaths(machine, { limit: 10_000 });
    t.true(paths.length >= table.states.length);
    for (const path of paths) {
      let state = table.initial;
      for (const step of path.steps) {
        if (step.event.type === 'xstate.init') continue;
        state = stepChart(table, state, table.events.indexOf(step.event.type));
        t.is(table.states[state], step.state.value);
      }
    }
  });

  testProp(
    `the table of ${machine.id} agrees with its machine on random events`,
    [fc.array(fc.constantFrom(...table.events), { minLength: 1, maxLength: 40 })],
    (t, events) => {
      let snapshot = getInitialSnapshot(machine);
      let state = table.initial;
      for (const type of events) {
        const next = stepChart(table, state, table.events.indexOf(type));
        t.is(next !== REFUSED, snapshot.can({ type }));
        if (next === REFUSED) continue;
        snapshot = getNextSnapshot(machine, snapshot, { type });
        state = next;
        t.is(table.states[state], snapshot.value);
      }
    },
  );

  test(`every state of ${machine.id} can be reached, and can get back to rest`, t => {
    const reach = (from: number): Set<number> => {
      const seen = new Set([from]);
      for (const state of seen) {
        for (const arrow of table.transitions) if (arrow.from === state) seen.add(arrow.to);
      }
      return seen;
    };
    t.is(reach(table.initial).size, table.states.length);
    table.states.forEach((name, state) => {
      t.true(
        [...reach(state)].some(s => table.rest[s] === 1),
        name,
      );
    });
  });
}

test('a chart with a guard, a choice or nested states is refused by name', t => {
  const guarded = createMachine({
    id: 'g',
    initial: 'a',
    states: { a: { on: { go: { target: 'b', guard: () => true } } }, b: {} },
  });
  const nested = createMachine({ id: 'n', initial: 'a', states: { a: { initial: 'x', states: { x: {} } } } });
  t.throws(() => compileChart(guarded), { message: /chart g: guard at a on go/ });
  t.throws(() => compileChart(nested), { message: /chart n: compound state a/ });
});

test('transitions are numbered one to one with the entries of the table', t => {
  for (const { table } of CHARTS) {
    table.transitions.forEach((arrow, index) => {
      const key = arrow.from * table.events.length + arrow.event;
      t.is(table.next[key], arrow.to);
      t.is(table.transition[key], index);
    });
    t.is(table.next.filter(state => state !== REFUSED).length, table.transitions.length);
  }
});
