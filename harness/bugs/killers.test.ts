/** Everything that can be reported is shown to be reported when it is broken: by a mutation, or by a test. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { KILLERS, SHOWN_BY_TESTS } from '../../properties/mutations/killers.js';
import { evidenceOf, verify } from './killers.js';
import { readMeasured } from './measured.js';
import { PACKAGE_ROOT } from './private-copy.js';

const measured = readMeasured();

for (const { rule, file, title } of SHOWN_BY_TESTS)
  test(`the test that shows ${rule} is there`, t => {
    const path = join(PACKAGE_ROOT, file);
    t.true(existsSync(path));
    t.true(readFileSync(path, 'utf8').includes(`test('${title}'`));
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
