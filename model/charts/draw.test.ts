import { readFileSync } from 'node:fs';
import test from 'ava';
import { chartsPage } from './draw.js';

test('the drawn charts are those of the machines', t => {
  t.is(readFileSync(new URL('../../../docs/charts.md', import.meta.url), 'utf8'), chartsPage());
});
