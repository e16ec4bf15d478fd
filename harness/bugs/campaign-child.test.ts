import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type ChildOptions, type Detection, runCampaign } from './campaign-child.js';

/** Runs a program in place of the campaign; it finds where to write its report in `json`. */
async function campaign(
  t: ExecutionContext,
  program: string,
  options: Partial<ChildOptions> = {},
): Promise<Detection | null> {
  const out = mkdtempSync(join(tmpdir(), 'campaign-'));
  t.teardown(() => rmSync(out, { recursive: true }));
  const main = join(out, 'main.mjs');
  writeFileSync(
    main,
    `import { writeFileSync } from 'node:fs';
     const json = process.argv[process.argv.indexOf('--json') + 1];
     const report = value => writeFileSync(json, JSON.stringify(value));
     ${program}`,
  );
  const signal = new AbortController().signal;
  return runCampaign(main, { seed: '7', operations: 1000, out, patience: 30, signal, ...options });
}

test('a violation in the report is a detection, with its operations and trace', async t => {
  const detection = await campaign(
    t,
    `report({ operations: 12, violations: [{ id: 'INV-13', message: 'm', trace: 't.jsonl', steps: 3 }] });
     process.exit(1);`,
  );
  t.like(detection, { seed: '7', found: true, by: 'INV-13', message: 'm', operations: 12, trace: 't.jsonl', steps: 3 });
});

test('a mutant that uses what nobody declared is found as a crash, with its trace', async t => {
  const message = 'write #1 threw ReferenceError: x is not defined at impl/xfs/a.ts:3';
  const violation = JSON.stringify({ id: 'ASSERT', message, trace: 't.trace', steps: 1 });
  const detection = await campaign(t, `report({ operations: 12, violations: [${violation}] }); process.exit(1);`);
  t.like(detection, { found: true, by: 'crash', message, operations: 12, trace: 't.trace', steps: 1 });
});

test('a clean campaign, and one that only misses its obligations, has found nothing', async t => {
  for (const status of [0, 4]) {
    const detection = await campaign(t, `report({ operations: 1000, violations: [] }); process.exit(${status});`);
    t.like(detection, { found: false, by: null, operations: null });
  }
});

test('a campaign that crashes is a detection that says why', async t => {
  const detection = await campaign(t, `throw new RangeError('no such block');`);
  t.like(detection, { found: true, by: 'crash', operations: null });
  t.is(detection?.message, 'the campaign ended with status 1: RangeError: no such block');
});

test('a campaign that hangs is ended by the watchdog, and its report is used if it still writes one', async t => {
  const silent = await campaign(t, `for (;;);`, { patience: 1, grace: 0.2 });
  t.like(silent, { found: true, by: 'hang', message: 'the campaign did not end within 1 s', operations: null });
  const reporting = await campaign(
    t,
    `process.on('SIGINT', () => { report({ operations: 5, violations: [] }); process.exit(130); });
     setInterval(() => {}, 1000);`,
    { patience: 5 },
  );
  t.like(reporting, { found: true, by: 'hang', operations: 5 });
});

test('a campaign that the machine or the arguments do not allow is no detection', async t => {
  await t.throwsAsync(campaign(t, `console.error('iomap-check: no such fs'); process.exit(2);`), {
    message: 'the campaign could not run: iomap-check: no such fs',
  });
});

test('a campaign stopped from outside gives no verdict', async t => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 300);
  t.is(await campaign(t, `setInterval(() => {}, 1000);`, { signal: stop.signal }), null);
});
