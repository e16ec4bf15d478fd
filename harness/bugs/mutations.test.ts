/** The mutation table of the specification: every row has its diffs, every diff applies and changes something. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import {
  FURTHER_MUTATIONS,
  MUTATION_TABLE,
  MUTATION_TRACES,
  MUTATIONS_FOLDER,
} from '../../properties/mutations/index.js';
import { CRASH_MUTATIONS, ORDERING_FAULTS } from '../../properties/mutations/ordering.js';
import { countSteps } from '../../traces/format/index.js';
import { recordingTest } from '../testing/recordings.js';
import { slugsIn, traceIn } from './kept.js';
import { readMeasured } from './measured.js';
import { patchedSources } from './mutant.js';
import { mutation, mutationsPage } from './page.js';
import { mayReport, testimonies } from './witness.js';

const slugs = slugsIn(MUTATIONS_FOLDER);

const ROWS = [...MUTATION_TABLE, ...CRASH_MUTATIONS, ...FURTHER_MUTATIONS];
const measured = readMeasured();

test('every row of the table has a diff or says what it waits for, and every diff has one row', t => {
  for (const { row, diffs, waitsFor } of ROWS) t.true(diffs.length > 0 || waitsFor !== undefined, row);
  t.deepEqual(ROWS.flatMap(({ diffs }) => diffs).sort(), slugs);
});

recordingTest('spec/invariants.md', 'the table is that of the specification', (t, path) => {
  const section = readFileSync(path, 'utf8')
    .split(/^## /m)
    .find(part => part.startsWith('10. '));
  const rows = [...(section ?? '').matchAll(/^\| (.*) \| (.*) \|$/gm)].map(match => match[1]!);
  const behind = rows.indexOf('mutation');
  t.deepEqual(
    MUTATION_TABLE.map(({ row }) => row),
    rows.slice(behind + 1),
  );
});

test('every fault of ordering is one of the diffs', t => {
  for (const { diff } of ORDERING_FAULTS) t.true(slugs.includes(diff), diff);
});

test('every diff is hunted by the campaign, or shown by the crash states of a program', t => {
  const shown = ORDERING_FAULTS.map(({ diff }) => diff);
  for (const slug of slugs) t.true(slug in measured || shown.includes(slug), slug);
});

for (const { row, killedBy, diffs } of ROWS)
  for (const slug of diffs) {
    test(`${slug} applies and changes something`, t => {
      const patch = mutation(slug);
      t.is(patch.slug, slug);
      t.is(patch.headers.get('row'), row);
      t.regex(patch.headers.get('breaks') ?? '', /\([A-Z]/);
      t.regex(patch.headers.get('kills') ?? '', /^[A-Z]+-\w+( [A-Z]+-\w+)*$/);
      t.true(mayReport(patch).some(id => killedBy.includes(id)));
      t.true(patchedSources(patch).size > 0);
    });

    if (!(slug in measured)) continue;
    test(`the trace of ${slug} fails with it and passes without it`, async t => {
      const trace = traceIn(MUTATION_TRACES, slug);
      t.true(countSteps(trace) <= 6);
      const [said] = await testimonies(mutation(slug), [trace]);
      t.is(said?.unpatched ?? null, null);
      t.is(said?.patched?.id, trace.verdict.kind === 'violation' ? trace.verdict.id : '', said?.patched?.message);
      t.true(mayReport(mutation(slug)).includes(said?.patched?.id ?? ''), said?.patched?.message);
    });
  }

test('the page about them is made from what was measured', t => {
  t.is(readFileSync(new URL('../../../docs/mutations.md', import.meta.url), 'utf8'), mutationsPage(measured));
});
