/** The mutation table of the specification: every row has its diffs, every diff applies and changes something. */
import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { MUTATION_TABLE, MUTATIONS_FOLDER } from '../../properties/mutations/index.js';
import { CRASH_MUTATIONS, ORDERING_FAULTS } from '../../properties/mutations/ordering.js';
import { recordingTest } from '../testing/recordings.js';
import { patchedSources } from './mutant.js';
import { type Patch, readPatch } from './patch.js';

const slugs = readdirSync(MUTATIONS_FOLDER)
  .filter(name => name.endsWith('.diff'))
  .map(name => name.replace(/\.diff$/, ''));

const ROWS = [...MUTATION_TABLE, ...CRASH_MUTATIONS];

function load(slug: string): Patch {
  const name = `${slug}.diff`;
  return readPatch(readFileSync(new URL(name, MUTATIONS_FOLDER), 'utf8'), name);
}

test('every row of the table has a diff or says what it waits for, and every diff has one row', t => {
  for (const { row, diffs, waitsFor } of ROWS) t.true(diffs.length > 0 || waitsFor !== undefined, row);
  t.deepEqual(ROWS.flatMap(({ diffs }) => diffs).sort(), slugs.sort());
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

for (const { row, diffs } of ROWS)
  for (const slug of diffs) {
    test(`${slug} applies and changes something`, t => {
      const patch = load(slug);
      t.is(patch.slug, slug);
      t.is(patch.headers.get('row'), row);
      t.regex(patch.headers.get('breaks') ?? '', /\([A-Z]/);
      t.regex(patch.headers.get('kills') ?? '', /^[A-Z]+-\w+( [A-Z]+-\w+)*$/);
      t.true(patchedSources(patch).size > 0);
    });
  }
