/** Every historical bug applies, is shown by its trace, and stands on the page about them. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { historicalBugs, historicalPage } from './historical.js';
import { convicts, testimonies } from './witness.js';

const bugs = historicalBugs();

for (const { patch, trace } of bugs)
  test(`the trace of ${patch.slug} fails with it and passes without it`, async t => {
    t.is(`${patch.slug}.diff`, patch.name);
    const [said] = await testimonies(patch, [trace]);
    t.true(convicts(said!, patch), said?.unpatched?.message ?? said?.patched?.message ?? 'not noticed');
  });

test('the page about them is made from their headers', t => {
  const page = new URL('../../../docs/historical-bugs.md', import.meta.url);
  t.is(readFileSync(page, 'utf8'), historicalPage(bugs));
});
