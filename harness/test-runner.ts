/**
 * What `npm test` runs: AVA over the built tests, its TAP stream made readable, failures repeated and skipped tests listed
 * by name at the end, and a last line `N passed, N failed, N skipped` for whoever reads the output by machine. Arguments
 * are handed to AVA. Exit status 0 when every test that ran passed and at least one did, 1 otherwise.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import colors from 'picocolors';
import { readTapLine, type TapOutcome } from './testing/tap.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const require = createRequire(import.meta.url);
// AVA exports no path to its command line; it lies beside the entry point.
const ava = join(dirname(require.resolve('ava')), 'cli.mjs');

const MARK: Readonly<Record<TapOutcome, string>> = {
  passed: colors.green('✔'),
  failed: colors.red('✘'),
  skipped: colors.yellow('-'),
};

const titles: Record<TapOutcome, string[]> = { passed: [], failed: [], skipped: [] };
const child = spawn(process.execPath, [ava, '--tap', ...process.argv.slice(2)], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
for await (const line of createInterface({ input: child.stdout })) {
  const read = readTapLine(line);
  if (read.kind === 'test') {
    titles[read.outcome].push(read.title);
    console.log(`${MARK[read.outcome]} ${read.title}`);
  } else if (read.kind === 'detail') console.log(colors.dim(read.text));
}
const [code, signal] = await ended;

for (const outcome of ['skipped', 'failed'] as const) {
  if (titles[outcome].length > 0)
    console.log(`\n${outcome}:\n${titles[outcome].map(title => `  ${title}`).join('\n')}`);
}
// AVA can fail with every test passed (a crash outside of any test, no test file at all); never call that a success.
const silent = titles.failed.length === 0 && (code !== 0 || titles.passed.length === 0);
if (silent)
  console.log(`\nthe test run ended with ${signal ?? `status ${code}`} and ${titles.passed.length} tests passed`);
console.log(`\n${titles.passed.length} passed, ${titles.failed.length} failed, ${titles.skipped.length} skipped`);
process.exitCode = titles.failed.length > 0 || silent ? 1 : 0;
