import { PassThrough, Writable } from 'node:stream';
import test from 'ava';
import { Exit, UsageError } from '../exit.js';
import { rules } from './rules.js';

async function run(
  ids: readonly string[],
  options: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly status: unknown; readonly text: string }> {
  let text = '';
  const out = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  const unwritten = (what: string): never => {
    throw new Error(what);
  };
  const status = await rules.run(ids, options, { out, err: new PassThrough(), interactive: false, unwritten });
  return { status, text };
}

test('rules lists every invariant on one line with what checks it and what shows that', async t => {
  const { status, text } = await run([]);
  t.is(status, Exit.clean);
  t.regex(text, /^INV-13 +INV-13 +mutation +reservation implies dirty: /m);
  t.true(text.split('\n').every(line => line.length <= 120));
});

test('rules tells all about one, in any case of letters', async t => {
  t.regex((await run(['inv-16'])).text, /INV-16 no leaked reservation.*counts once for.*silent:/s);
});

test('rules --json - prints what the table shows', async t => {
  const list = JSON.parse((await run(['MAP-44'], { json: '-' })).text) as {
    rules: { id: string; guards: { id: string }[] }[];
  };
  t.is(list.rules[0]?.id, 'MAP-44');
  t.true(list.rules[0]!.guards.some(guard => guard.id === 'INV-17'));
});

test('an unknown rule is refused by name', async t => {
  for (const options of [{}, { verify: ['INV-99'] }]) {
    const error = await t.throwsAsync(run(['INV-99'], options));
    t.true(error instanceof UsageError);
    t.regex(error!.message, /INV-99/);
  }
});

test('--verify shows a mutation, the trace that convicts it, and that nothing is found without it', async t => {
  const { status, text } = await run([], { verify: ['inv-16'] });
  t.is(status, Exit.clean);
  t.regex(
    text,
    /INV-16: the mutation no-punch-after-short-write.*impl\/.*with it: INV-16 .*"op":1.*without it: nothing is reported\n {2}killed/s,
  );
  const json = JSON.parse((await run([], { verify: ['INV-16'], json: '-' })).text) as { verified: object[] };
  t.like(json.verified[0], { rule: 'INV-16', verdict: 'killed', by: 'INV-16', unpatched: null });
});

test('--verify says by name for which rule there is no mutation', async t => {
  const { status, text } = await run([], { verify: ['INV-39'] });
  t.is(status, Exit.violation);
  t.regex(text, /INV-39: no mutation: nothing checks it/);
});
