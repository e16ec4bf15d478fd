/**
 * Each race of the catalogue with its remedy taken out, and each mistake of locking, is found by campaigns of several tasks,
 * reported by a rule that names it, shrunk to a few steps, and its trace replays clean on the implementation as it is.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { implementation } from '../../impl/index.js';
import {
  type Interleaving,
  LOCK_MISTAKES,
  LOCKS_FOLDER,
  RACES,
  RACES_FOLDER,
} from '../../properties/mutations/interleavings.js';
import { readTrace } from '../../traces/format/index.js';
import { runProgram } from '../replay/program.js';
import { Tools } from '../replay/tools.js';
import { runCampaign } from './campaign-child.js';
import { readInterleavings, withTables } from './interleavings-page.js';
import { patchIn, slugsIn } from './kept.js';
import { makeMutant } from './mutant.js';

/** What the default campaign finds in some seconds; the whole table stands in docs/interleavings.md. */
const OPERATIONS = 250_000;
const MOST_STEPS = 10;

function tried(folder: URL, { row, diff, reportedBy }: Interleaving): void {
  test.serial(`${row}: ${diff} is found and reported by its rule`, async t => {
    t.timeout(120_000);
    const patch = patchIn(folder, diff);
    t.is(patch.headers.get('row'), row);
    t.deepEqual(patch.headers.get('kills')?.split(' '), [...reportedBy]);
    const out = mkdtempSync(join(tmpdir(), 'interleavings-'));
    const mutant = makeMutant(patch);
    try {
      const found = await runCampaign(mutant.main, {
        seed: '1',
        operations: OPERATIONS,
        out,
        patience: 100,
        signal: new AbortController().signal,
        strategy: 'random',
      });
      t.true(reportedBy.includes(found?.by ?? ''), found?.message ?? 'nothing was found');
      t.true((found?.steps ?? 0) <= MOST_STEPS);
      const text = readFileSync(join(out, readdirSync(out).find(file => file.endsWith('.trace'))!), 'utf8');
      const trace = readTrace(text, diff);
      t.is(runProgram(trace, implementation['xfs']!, new Tools()), null);
    } finally {
      mutant.dispose();
      rmSync(out, { recursive: true, force: true });
    }
  });
}

test('every diff of the folders has its row', t => {
  for (const [folder, rows] of [
    [RACES_FOLDER, RACES],
    [LOCKS_FOLDER, LOCK_MISTAKES],
  ] as const)
    t.deepEqual(rows.map(({ diff }) => diff).sort(), slugsIn(folder));
});

test('the tables of the page are those that were measured', t => {
  const page = readFileSync(new URL('../../../docs/interleavings.md', import.meta.url), 'utf8');
  t.is(withTables(page, readInterleavings()), page);
});

for (const race of RACES) tried(RACES_FOLDER, race);
for (const mistake of LOCK_MISTAKES) tried(LOCKS_FOLDER, mistake);
