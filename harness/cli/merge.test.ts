/** `merge` as a user meets it, on reports of a package with a fault in it and of one without. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { MUTATIONS_FOLDER } from '../../properties/mutations/index.js';
import { patchIn } from '../bugs/kept.js';
import { makeMutant } from '../bugs/mutant.js';
import { PACKAGE_ROOT } from '../bugs/private-copy.js';
import type { RunReport } from '../campaign/report.js';

const mutant = makeMutant(patchIn(MUTATIONS_FOLDER, 'no-punch-after-short-write'));
const whole = join(PACKAGE_ROOT, 'dist', 'harness', 'cli', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'merge-'));
test.after.always(() => {
  mutant.dispose();
  rmSync(folder, { recursive: true });
});

function iomapCheck(main: string, ...args: readonly string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

/** The folder that a shard leaves. */
function shard(main: string, name: string, fraction: string, seed = '1'): string {
  const files = ['--out', name, '--json', `${name}/report.json`];
  iomapCheck(main, 'run', '--seed', seed, '--ops', '3000', '--jobs', '1', '--quiet', '--shard', fraction, ...files);
  return name;
}

const one = shard(whole, 'one', '1/3');
const two = shard(whole, 'two', '2/3');
const three = shard(whole, 'three', '3/3');

function report(path: string): RunReport {
  return JSON.parse(readFileSync(join(folder, path), 'utf8')) as RunReport;
}

test('all shards together are a campaign, in whichever order and in however many steps they are joined', t => {
  const { status, out } = iomapCheck(whole, 'merge', three, one, two, '--json', 'all.json');
  t.is(status, 0);
  t.regex(out, /^iomap-check merge {2}target impl {2}fs xfs {2}seed 1\n[\s\S]*\nNo violation\.\n$/);
  const all = report('all.json');
  const parts = [one, two, three].map(name => report(`${name}/report.json`));
  const sum = (of: (each: RunReport) => number): number => parts.map(of).reduce((a, b) => a + b);
  t.deepEqual(all.shards, ['1/3', '2/3', '3/3']);
  t.is(
    all.operations,
    sum(each => each.operations),
  );
  t.is(
    all.checks['INV-13'],
    sum(each => each.checks['INV-13']!),
  );
  t.is(
    all.parts[0]!.sequences,
    sum(each => each.parts[0]!.sequences),
  );
  const { hit, total, missed } = all.coverage.transitions;
  t.is(hit + missed.length, total);
  t.true(hit >= Math.max(...parts.map(each => each.coverage.transitions.hit)));
  for (const name of all.obligations.missed) t.true(parts.every(each => each.obligations.met[name] === undefined));
  iomapCheck(whole, 'merge', one, three, '--json', 'some.json');
  t.is(iomapCheck(whole, 'merge', two, 'some.json', '--json', 'steps.json').status, 0);
  t.deepEqual(report('steps.json'), all);
});

test('a shard that is not there is told, and the campaign did not do its duty', t => {
  const { status, out } = iomapCheck(whole, 'merge', one, three);
  t.is(status, 4);
  t.regex(out, /\nduty failed: there is no report of shard 2\/3\n$/);
});

test('what a shard found is found, and its trace is looked for beside its report', t => {
  shard(mutant.main, 'wrong', '2/3');
  mkdirSync(join(folder, 'far', 'off'), { recursive: true });
  const trace = report('wrong/report.json').violations[0]!.trace!;
  for (const name of ['report.json', trace.slice('wrong/'.length)])
    copyFileSync(join(folder, 'wrong', name), join(folder, 'far', 'off', name));
  rmSync(join(folder, 'wrong'), { recursive: true });
  const { status, out } = iomapCheck(whole, 'merge', one, 'far/off', three, '--tap', '--junit', 'cases.xml');
  t.is(status, 1);
  t.regex(
    out,
    /^TAP version 14\n[\s\S]*\nnot ok \d+ - rules: INV-16\n {2}---\n {2}message: ".*trace: far\/off\/inv-16-/m,
  );
  t.regex(readFileSync(join(folder, 'cases.xml'), 'utf8'), /name="INV-16">\n {6}<failure message="a: /);
});

const REFUSED: Readonly<Record<string, { readonly args: () => string[]; readonly says: RegExp }>> = {
  'a shard twice': {
    args: () => [one, two, one],
    says: /one\/report\.json: expected another shard .* got shard 1\/3 once more$/,
  },
  'another seed': { args: () => [one, shard(whole, 'other', '2/3', '2')], says: /got seed "2", not "1"$/ },
  'another division': { args: () => [one, shard(whole, 'half', '2/2')], says: /got shard 2\/2, not one of 3$/ },
  'an empty folder': {
    args: () => [mkdtempSync(join(folder, 'empty-'))],
    says: /expected reports of run --json in it, found none$/,
  },
  'other losses of power': {
    args() {
      const text = JSON.stringify({ ...report(`${two}/report.json`), crashEvery: 20 });
      writeFileSync(join(folder, 'often.json'), text);
      return [one, 'often.json'];
    },
    says: /got operations between losses of power 20, not null$/,
  },
  nothing: { args: () => ['nowhere'], says: /nowhere: cannot be read: no such file or directory$/ },
  'a report that was cut': {
    args() {
      const text = readFileSync(join(folder, one, 'report.json'), 'utf8');
      writeFileSync(join(folder, 'cut.json'), text.slice(0, 500));
      return ['cut.json'];
    },
    says: /cut\.json: expected a report of run --json: .*JSON/,
  },
  'a report that lacks something': {
    args() {
      const { checks: _, ...rest } = report(`${one}/report.json`);
      writeFileSync(join(folder, 'less.json'), JSON.stringify(rest));
      return ['less.json'];
    },
    says: /less\.json: expected a report of run --json, version iomap-check\/run\/1: it must have required property 'checks'$/,
  },
};

for (const [what, { args, says }] of Object.entries(REFUSED))
  test(`${what} is refused in one line`, t => {
    const { status, err } = iomapCheck(whole, 'merge', ...args());
    t.is(status, 2);
    t.regex(err.trimEnd(), says);
    t.is(err.trimEnd().split('\n').length, 1);
  });

test('one standard output takes one kind of results', t => {
  const { status, err } = iomapCheck(whole, 'merge', one, '--tap', '--json', '-');
  t.is(status, 2);
  t.regex(err, /^iomap-check: --tap with --json -: expected one of them only/);
});
