/** `run` as a user meets it, on a package with a fault in it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { MUTATIONS_FOLDER } from '../../properties/mutations/index.js';
import { patchIn } from '../bugs/kept.js';
import { makeMutant } from '../bugs/mutant.js';
import { copyPackage, PACKAGE_ROOT, type PrivateCopy } from '../bugs/private-copy.js';
import type { RunReport } from '../campaign/report.js';

const mutant = makeMutant(patchIn(MUTATIONS_FOLDER, 'no-punch-after-short-write'));
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

/** What a command prints, in the folder of these tests. */
function printed(main: string, ...args: readonly string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

/** The last line, which says how to repeat a campaign, as arguments. */
function again(out: string): string[] {
  const line = /^again: iomap-check (.*)$/m.exec(out)?.[1] ?? '';
  return line.split(' ').map(word => word.replaceAll("'", ''));
}

test.serial('what a seed is does not matter to the names of traces, and shards have names of their own', t => {
  const options = ['--seed', '../a/b', '--shard', '1/1', '--ops', '3000', '--jobs', '2', '--out', 'named'];
  const { status, out } = printed(mutant.main, 'run', ...options);
  t.is(status, 1);
  t.regex(out, /: iomap-check replay --verbose named\/inv-16-_a_b-[0-9a-f]{8}-1\.trace$/m);
  const shard = printed(
    mutant.main,
    'run',
    '--seed',
    '1',
    '--shard',
    '2/3',
    '--ops',
    '3000',
    '--out',
    'named',
    '--quiet',
  );
  t.is(shard.status, 1);
  t.regex(
    shard.out,
    /^INV-16 violated .*\n {2}.*\n {2}\d+ steps?: iomap-check replay --verbose named\/inv-16-1-shard-2-of-3-1\.trace\nseed 1\n$/,
  );
  t.true(existsSync(join(folder, 'named', 'inv-16-1-shard-2-of-3-1.trace')));
});

test.serial(
  'a folder that cannot take traces is refused before the campaign, and a trace that cannot be written is said',
  t => {
    writeFileSync(join(folder, 'file'), '');
    const refused = printed(mutant.main, 'run', '--ops', '3000', '--out', 'file/traces');
    t.is(refused.status, 2);
    t.regex(refused.err, /^iomap-check: --out file\/traces: cannot be written: not a directory\n$/);
    // There is a folder in the place of the trace.
    mkdirSync(join(folder, 'taken', 'inv-16-1-1.trace'), { recursive: true });
    const { status, out } = printed(
      mutant.main,
      'run',
      '--seed',
      '1',
      '--ops',
      '3000',
      '--out',
      'taken',
      '--json',
      'taken.json',
    );
    t.is(status, 1);
    t.regex(out, /; trace could not be written: taken\/inv-16-1-1\.trace: cannot be written: /);
    t.like(JSON.parse(readFileSync(join(folder, 'taken.json'), 'utf8')), {
      violations: [{ id: 'INV-16', trace: null }],
    });
  },
);

/** A copy of the package in which some collapses do this as well. */
function copyWith(deed: string): PrivateCopy {
  const path = join(PACKAGE_ROOT, 'dist', 'impl', 'xfs', 'layout', 'shift.js');
  const code = readFileSync(path, 'utf8').replace(/function\* collapseRange\(.*\{/, `$& if (offset > 512) ${deed}`);
  return copyPackage(new Map([['impl/xfs/layout/shift.ts', code]]));
}

test.serial('code that ends its thread is a violation with its place, and the campaign can be repeated', t => {
  const copy = copyWith('process.exit(0);');
  t.teardown(() => copy.dispose());
  const said = (out: string): string => out.slice(out.indexOf('ASSERT'), out.indexOf('again:'));
  const first = printed(copy.main, 'run', '--seed', 'ends here', '--ops', '20000');
  t.is(first.status, 1);
  t.regex(
    first.out,
    /^ASSERT violated .* of lane 0\n {2}the code under test ended its thread .*, status 0\n {2}sequence \d+ of lane 0; /m,
  );
  const words = again(first.out).filter(word => word !== 'ends' && word !== 'here');
  words.splice(words.indexOf('--seed') + 1, 0, 'ends here');
  const second = printed(copy.main, ...words);
  t.is(second.status, 1);
  t.is(said(second.out), said(first.out));
});

test.serial(
  'Ctrl-C is heard at once, and the second ends a campaign that hangs, with a command that works',
  async t => {
    const copy = copyWith('for (;;);');
    t.teardown(() => copy.dispose());
    const args = [copy.main, 'run', '--seed', '1', '--time', '1h', '--out', 'hung'];
    let said = { out: '', err: '' };
    let status: number | null = null;
    // A busy machine may need longer until there is anybody to be interrupted.
    for (let patience = 5000; status === null && patience < 100_000; patience *= 2) {
      said = { out: '', err: '' };
      const child = spawn(process.execPath, args, { cwd: folder });
      const closed = once(child, 'close') as Promise<[number | null]>;
      child.stdout.on('data', text => (said.out += String(text)));
      child.stderr.on('data', text => (said.err += String(text)));
      await setTimeout(patience);
      child.kill('SIGINT');
      await setTimeout(500);
      child.kill('SIGINT');
      [status] = await closed;
    }
    t.is(status, 130);
    t.regex(said.err, /^interrupted; finishing the sequences in progress …\n/);
    t.regex(said.out, /\nagain: iomap-check run --seed 1 (--ops [1-9]\d*|--time 1h)\n$/);
  },
);

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
