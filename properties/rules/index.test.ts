import test from 'ava';
import { CHECKS } from '../checks/registry.js';
import { catalogue, INVARIANTS } from './index.js';
import { MODEL_RULES, RUNNER_RULES } from './other-guards.js';

test('every rule has one entry', t => {
  const ids = catalogue().map(entry => entry.id);
  t.is(new Set(ids).size, ids.length);
});

test('what checks, the model and the runner report by is in the catalogue', t => {
  const ids = new Set(catalogue().map(entry => entry.id));
  for (const { id } of CHECKS) t.true(ids.has(id), id);
  for (const id of [...MODEL_RULES, ...RUNNER_RULES.map(([runs]) => runs)]) t.true(ids.has(id), id);
});

test('every rule says something', t => {
  t.deepEqual(
    catalogue().filter(({ sentence }) => sentence.length < 20),
    [],
  );
});

test('no two checks have the same id', t => {
  t.is(new Set(CHECKS.map(check => check.id)).size, CHECKS.length);
});

test('invariants follow from rules that exist', t => {
  const ids = new Set(catalogue().map(entry => entry.id));
  for (const invariant of INVARIANTS)
    for (const id of invariant.from) t.true(ids.has(id), `${invariant.id} from ${id}`);
});

test('a rule is guarded through the invariants that follow from it', t => {
  const rule = catalogue().find(entry => entry.id === 'MAP-44');
  t.true(rule!.guards.some(guard => guard.id === 'INV-16'));
});
