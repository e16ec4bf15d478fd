import { Writable } from 'node:stream';
import test from 'ava';
import { Exit, UsageError } from '../exit.js';
import { rules } from './rules.js';

function run(
  ids: readonly string[],
  options: Readonly<Record<string, unknown>> = {},
): { readonly status: unknown; readonly text: string } {
  let text = '';
  const out = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  const status = rules.run(ids, options, { out, err: out, interactive: false });
  return { status, text };
}

test('rules lists every invariant on one line with what checks it', t => {
  const { status, text } = run([]);
  t.is(status, Exit.clean);
  t.regex(text, /^INV-13 +INV-13 +reservation implies dirty: /m);
  t.true(text.split('\n').every(line => line.length <= 120));
});

test('rules tells all about one, in any case of letters', t => {
  t.regex(run(['inv-16']).text, /INV-16 no leaked reservation.*counts once for.*silent:/s);
});

test('rules --json - prints what the table shows', t => {
  const list = JSON.parse(run(['MAP-44'], { json: '-' }).text) as { rules: { id: string; guards: { id: string }[] }[] };
  t.is(list.rules[0]?.id, 'MAP-44');
  t.true(list.rules[0]!.guards.some(guard => guard.id === 'INV-17'));
});

test('an unknown rule is refused by name', t => {
  const error = t.throws(() => run(['INV-99']));
  t.true(error instanceof UsageError);
  t.regex(error!.message, /INV-99/);
});
