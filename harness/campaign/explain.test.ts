/** Whatever comes in the way of telling a finding, the finding and the others are told. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { copyPackage } from '../bugs/private-copy.js';
import { type ExplainOptions, explainAll } from './explain.js';
import type { ExplainOrder, ExplainReply } from './explain-messages.js';
import type { LaneFinding } from './lane-result.js';
import { PARTS } from './parts.js';
import type { RunReport } from './report.js';
import { violationLines } from './violations.js';

const out = mkdtempSync(join(tmpdir(), 'explain-'));
test.after.always(() => rmSync(out, { recursive: true }));

const options: ExplainOptions = {
  shape: { seed: '1', fs: 'xfs', inject: [], parts: PARTS, without: [], known: [], strategy: null },
  target: 'impl',
  shard: { index: 0, count: 1 },
  out,
  haste: () => 'none',
  hangAfter: 60,
};

function finding(sequence: number): LaneFinding {
  const found = { id: 'INV-16', message: 'm', file: 0, offset: 0, length: 1, call: 1 } as const;
  return { lane: 0, sequence, operations: 100 * sequence, finding: found };
}

function told(steps: number, text: string): ExplainReply {
  return { kind: 'told', id: 'INV-16', signature: 'INV-16/write', message: 'm', steps, text };
}

const FAILED: ExplainReply = { kind: 'failed', why: 'TypeError: no', stack: 'TypeError: no\n    at place' };

/** Answers what it is given, one after the other. */
function answering(replies: readonly ExplainReply[]): { ask(order: ExplainOrder): Promise<ExplainReply>; end(): void } {
  const left = [...replies];
  return { ask: async () => left.shift()!, end: () => {} };
}

function lines(violations: RunReport['violations']): string[] {
  return violationLines({ violations } as unknown as RunReport);
}

test('a finding that cannot be recorded is told without a trace, and the next one with its own', async t => {
  const replies = [FAILED, told(9, 'long'), told(2, 'short')];
  const { violations, faults } = await explainAll([finding(1), finding(2)], options, answering(replies));
  t.deepEqual(faults, ['TypeError: no\n    at place']);
  t.like(violations[0], { id: 'INV-16', message: 'm', trace: null, steps: 0 });
  t.like(violations[1], { id: 'INV-16', steps: 2, note: null });
  t.true(existsSync(violations[1]?.trace ?? ''));
  t.is(lines(violations)[2], '  sequence 1 of lane 0; there is no trace: recording it failed: TypeError: no');
});

test('a finding that cannot be shrunk is told with the trace as recorded', async t => {
  const { violations, faults } = await explainAll([finding(1)], options, answering([told(9, 'long'), FAILED]));
  t.is(faults.length, 1);
  t.is(violations[0]?.steps, 9);
  t.true(existsSync(violations[0]?.trace ?? ''));
  t.regex(
    lines(violations)[2] ?? '',
    /^ {2}9 steps \(as recorded, because shrinking it failed: TypeError: no\): iomap/,
  );
});

test('a trace that passes when it is replayed, and one of many alike, are told as recorded', async t => {
  const passing = await explainAll([finding(1)], options, answering([told(9, 'long'), { kind: 'passed' }]));
  t.is(passing.violations[0]?.steps, 9);
  t.is(passing.violations[0]?.note, 'as recorded, because the trace passes when it is replayed');
  const pair = [told(9, 'long'), told(2, 'short')];
  const many = await explainAll(
    [1, 2, 3, 4].map(finding),
    options,
    answering([...pair, ...pair, ...pair, told(9, 'long')]),
  );
  t.deepEqual(
    many.violations.map(({ steps, note }) => [steps, note]),
    [
      [2, null],
      [2, null],
      [2, null],
      [9, 'as recorded, because 3 like it were shrunk'],
    ],
  );
});

test('a finding that nobody had time for says so, and one that passes speaks of the target', async t => {
  const hurried = await explainAll([finding(1)], { ...options, haste: () => 'at once' }, answering([]));
  t.regex(lines(hurried.violations)[2] ?? '', /there is no trace: the campaign was ended before one was recorded$/);
  const passed = await explainAll([finding(1)], options, answering([{ kind: 'passed' }]));
  t.regex(lines(passed.violations)[2] ?? '', /it passed when it ran again: the target is not deterministic$/);
});

test.serial('a worker that cannot begin costs the traces, and not the report', async t => {
  const { violations, faults } = await explainAll([finding(1), finding(2)], { ...options, target: 'nothing' });
  t.is(violations.length, 2);
  t.is(faults.length, 2);
  for (const { note } of violations) t.regex(note ?? '', /^there is no trace: recording it failed: .*nothing/);
});

const DEEDS: readonly (readonly [what: string, deed: string, note: RegExp, hangAfter?: number])[] = [
  ['does not come back', 'for (;;);', /failed: a run does not come back$/, 1],
  ['ends its thread', 'process.exit(3);', /failed: its thread ended with status 3$/],
  ['throws', "throw new TypeError('no');", /failed: TypeError: no$/],
];
for (const [what, deed, note, hangAfter = 60] of DEEDS)
  test.serial(`a run that ${what} when it is recorded costs the trace, and not the report`, async t => {
    const code = readFileSync(new URL('lane.js', import.meta.url), 'utf8').replace(/^ {4}record\(.*\{/m, `$& ${deed}`);
    const copy = copyPackage(new Map([['harness/campaign/lane.ts', code]]));
    t.teardown(() => copy.dispose());
    const path = join(copy.root, 'dist', 'harness', 'campaign', 'explain.js');
    const { explainAll: explain } = (await import(pathToFileURL(path).href)) as { explainAll: typeof explainAll };
    const { violations } = await explain([finding(1), finding(2)], { ...options, hangAfter });
    t.is(violations.length, 2);
    for (const violation of violations) t.regex(violation.note ?? '', note);
  });
