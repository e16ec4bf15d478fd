import { readFileSync } from 'node:fs';
import { testProp } from '@fast-check/ava';
import test from 'ava';
import fc from 'fast-check';
import { initialTransition, transition } from 'xstate';
import { REFUSED, stepChart } from './compile.js';
import { chartsPage } from './draw.js';
import { CHARTS } from './index.js';

test('the drawn charts are those of the machines', t => {
  t.is(readFileSync(new URL('../../../docs/charts.md', import.meta.url), 'utf8'), chartsPage());
});

for (const { machine, table } of CHARTS)
  testProp(
    `machine and table of ${table.id} go the same way along any path`,
    [fc.array(fc.nat({ max: table.events.length - 1 }), { minLength: 1, maxLength: 40 })],
    (t, path) => {
      let [snapshot] = initialTransition(machine);
      let state = table.initial;
      for (const event of path) {
        const next = stepChart(table, state, event);
        const type = table.events[event]!;
        t.is(snapshot.can({ type }), next !== REFUSED);
        if (next === REFUSED) continue;
        [snapshot] = transition(machine, snapshot, { type });
        state = next;
        t.is(snapshot.value, table.states[state]);
      }
    },
    { numRuns: 100 },
  );
