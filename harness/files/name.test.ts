import test from 'ava';
import { distinct, safeName } from './name.js';

test('what can be a name is one', t => {
  for (const name of ['1', 'no-punch.v2', 'write-part+fsync']) t.is(safeName(name), name);
});

test('any other text gives a short name of one part, and different texts give different names', t => {
  const texts = ['', '.', '..', '../../etc', 'a/b', 'a b', '-x', 'é', 'x'.repeat(300), `${'x'.repeat(300)}y`, 'a\nb'];
  const names = texts.map(safeName);
  t.true(
    names.every(name => /^\w[\w.+-]{0,60}$/.test(name)),
    names.join(' '),
  );
  t.is(new Set(names).size, texts.length);
  t.deepEqual(texts.map(safeName), names);
});

test('names that are there twice are told apart, and a name that is there once stays', t => {
  t.deepEqual(distinct(['a', 'b', 'a', 'a-2', 'a']), ['a', 'b', 'a-3', 'a-2', 'a-4']);
});
