/** Everything that can be reported is reported when it is broken: each rule has a mutation that it kills. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { CHECKS } from '../../properties/index.js';
import { MUTATIONS_FOLDER } from '../../properties/mutations/index.js';
import { KILLERS } from '../../properties/mutations/killers.js';
import { MODEL_RULES, RUNNER_RULES } from '../../properties/rules/other-guards.js';
import { slugsIn } from './kept.js';
import { evidenceOf, verify } from './killers.js';
import { readMeasured } from './measured.js';
import { PACKAGE_ROOT } from './private-copy.js';

const measured = readMeasured();
const reportable = new Set([...CHECKS.map(({ id }) => id), ...MODEL_RULES, ...RUNNER_RULES.map(([id]) => id)]);
const shown = KILLERS.map(({ rule }) => rule);

/** Where findings are made. */
const ROOMS = ['model/files', 'properties/checks', 'harness/run', 'harness/serial', 'harness/crash', 'harness/replay'];

/** The rules whose ids stand as strings in a source, outside of tests. */
function namedIn(room: string): string[] {
  return readdirSync(join(PACKAGE_ROOT, room), { recursive: true, encoding: 'utf8' })
    .filter(name => /(?<!\.test)\.ts$/.test(name) && !name.includes('testing'))
    .flatMap(name => [
      ...readFileSync(join(PACKAGE_ROOT, room, name), 'utf8').matchAll(/(?<!includes\()'((?!Y-)[A-Z]+-[A-Z]*\d+)'/g),
    ])
    .map(found => found[1]!);
}

test('every rule by whose id a source reports is known as one that can be reported', t => {
  const named = new Set(ROOMS.flatMap(namedIn));
  t.true(named.size > 80);
  t.deepEqual(
    [...named].filter(id => !reportable.has(id)),
    [],
  );
});

test('every rule that can be reported has something that shows it, each part of it once', t => {
  t.deepEqual(
    [...reportable].filter(id => !shown.includes(id)),
    [],
  );
  t.deepEqual(
    shown.filter(id => !reportable.has(id)),
    [],
  );
  t.is(new Set(KILLERS.map(({ rule, mutation }) => `${rule} ${mutation}`)).size, KILLERS.length);
});

test('every check has a test beside it, which feeds it histories by hand', t => {
  const file = (id: string): string => join(PACKAGE_ROOT, 'properties', 'checks', `${id.toLowerCase()}.test.ts`);
  t.deepEqual(
    CHECKS.map(({ id }) => id).filter(id => !existsSync(file(id))),
    [],
  );
});

test('every mutation made for a rule alone says what it breaks, and for which rule it is', t => {
  for (const slug of slugsIn(new URL('by-rule/', MUTATIONS_FOLDER))) {
    const uses = KILLERS.filter(({ mutation }) => mutation === `by-rule/${slug}`);
    t.true(uses.length > 0, slug);
    const { headers } = evidenceOf(uses[0]!).patch;
    t.is(headers.get('slug'), slug);
    t.regex(headers.get('breaks') ?? '', /\(.+\)\.$/);
    t.is(headers.get('kills'), uses.map(({ rule }) => rule).join(' '));
  }
});

for (const killer of KILLERS)
  test(`${killer.rule} kills ${killer.mutation}`, async t => {
    const evidence = evidenceOf(killer);
    const { verdict } = evidence.trace;
    t.is(verdict.kind === 'violation' ? verdict.id : '', killer.rule);
    // What a trace of the tables shows is replayed beside them.
    if (killer.mutation in measured && killer.trace === undefined) return;
    const { patched, unpatched, killed } = await verify(killer, evidence);
    t.is(unpatched, null);
    t.true(killed, patched?.message);
  });
