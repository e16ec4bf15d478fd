/** `run` as a user meets it, on a package with a fault in it. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { MUTATIONS_FOLDER } from '../../properties/mutations/index.js';
import { makeMutant } from '../bugs/mutant.js';
import { readPatch } from '../bugs/patch.js';
import type { RunReport } from '../campaign/report.js';

const NAME = 'no-punch-after-short-write.diff';
const mutant = makeMutant(readPatch(readFileSync(new URL(NAME, MUTATIONS_FOLDER), 'utf8'), NAME));
const folder = mkdtempSync(join(tmpdir(), 'run-'));
test.after.always(() => {
  mutant.dispose();
  rmSync(folder, { recursive: true });
});

interface Ran {
  readonly status: number | null;
  readonly report: RunReport;
}

/** Runs the campaign on the package with the fault, for so many milliseconds if it is to be interrupted. */
async function run(name: string, args: readonly string[], interruptAfter?: number): Promise<Ran> {
  const json = join(folder, `${name}.json`);
  const options = ['--seed', '1', '--jobs', '1', '--quiet', '--json', json, '--out', join(folder, name)];
  const child = spawn(process.execPath, [mutant.main, 'run', ...options, ...args], { cwd: folder, stdio: 'ignore' });
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  if (interruptAfter !== undefined) {
    await setTimeout(interruptAfter);
    child.kill('SIGINT');
  }
  return { status: await ended, report: JSON.parse(readFileSync(json, 'utf8')) as RunReport };
}

test.serial('Ctrl-C ends a campaign with its report, its traces and status 130', async t => {
  let patience = 4000;
  let ran: Ran | null;
  // A busy machine may need longer until there is something to report, or anybody to be interrupted.
  do {
    ran = await run('interrupted', ['--ops', '1000000000', '--max-violations', '1000'], patience).catch(() => null);
    patience *= 2;
  } while ((ran?.report.violations ?? []).length === 0 && patience < 100_000);
  if (ran === null) throw new Error('no interrupted campaign left a report');
  t.is(ran.status, 130);
  t.true(ran.report.operations > 0);
  t.true(ran.report.violations.length > 0);
  for (const { id, trace } of ran.report.violations) {
    t.is(id, 'INV-16');
    t.true(existsSync(join(folder, trace ?? '')));
  }
});

test.serial('of findings that look alike the first three are shrunk, the others written as recorded', async t => {
  const { status, report } = await run('alike', ['--ops', '6000', '--max-violations', '100']);
  t.is(status, 1);
  const steps = new Map<string, number[]>();
  for (const { signature, steps: n } of report.violations) steps.set(signature, [...(steps.get(signature) ?? []), n]);
  const many = [...steps.values()].find(list => list.length > 3) ?? [];
  t.true(many.length > 3);
  t.true(many.slice(0, 3).every(n => n <= 6));
  t.true(Math.max(...many.slice(3)) > 6);
});

test.serial(
  'a known violation is counted with its reason and is no failure; a list that cannot be read is refused',
  async t => {
    const known = join(folder, 'known.txt');
    writeFileSync(known, '# what is being worked on\nINV-16  a short write keeps what it reserved\nINV-13  the same\n');
    const { status, report } = await run('known', ['--ops', '3000', '--known', known]);
    t.is(status, 0);
    t.deepEqual(report.violations, []);
    const [first] = report.known;
    t.like(first, { id: 'INV-16', reason: 'a short write keeps what it reserved' });
    t.true((first?.count ?? 0) > 0);
    writeFileSync(known, 'INV-16\n');
    await t.throwsAsync(run('refused', ['--ops', '100', '--known', known]), { code: 'ENOENT' });
  },
);
