import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { MUTATIONS_FOLDER } from '../../../properties/mutations/index.js';
import { patchIn } from '../../bugs/kept.js';
import { makeMutant } from '../../bugs/mutant.js';

const main = fileURLToPath(new URL('../main.js', import.meta.url));

test('a fault of shrinking costs the small trace, and not what was found', t => {
  const mutant = makeMutant(patchIn(MUTATIONS_FOLDER, 'log-without-flush'));
  t.teardown(() => mutant.dispose());
  const path = join(mutant.root, 'dist', 'harness', 'shrink', 'shrink.js');
  const code = readFileSync(path, 'utf8');
  writeFileSync(path, code.replace(/^export function shrink\(.*\{/m, "$& throw new TypeError('no');"));
  const args = [mutant.main, 'explore', '--crash', 'write-part', '--out', join(mutant.root, 'out')];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  t.is(status, 1, stderr);
  t.regex(stderr, /^write-part could not be shrunk: TypeError: no\n/);
  t.regex(stdout, /^INV-60 violated by write-part\n.*\n {2}\d+ steps: iomap-check replay --verbose \S+\.trace$/m);
});

const REFUSED: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
  ['a share of named programs', ['nothing', '--shard', '1/2'], /--shard 1\/2: expected --all, not the names/],
  ['a length of named programs', ['nothing', '--longest', '3'], /--longest 3: expected --all, not the names/],
  ['an alphabet of named programs', ['nothing', '--alphabet', 'basic'], /--alphabet basic: expected --all, not the/],
  [
    'a share without a program',
    ['--all', '--longest', '1', '--every', '1000', '--shard', '2/4'],
    /--shard 2\/4: expected a share that holds a program, got none of 1/,
  ],
];
for (const other of [
  ['--fs', 'xfs'],
  ['--max-violations', '2'],
  ['--json', '-'],
  ['--no-cache'],
  ['--all'],
  ['nothing'],
])
  test(`--list with ${other.join(' ')} is refused`, t => {
    const args = [main, 'explore', '--list', '--alphabet', 'basic', ...other];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    t.is(status, 2, stdout);
    t.is(stderr, `iomap-check: explore --list: expected nothing with it but --alphabet, got ${other[0]}\n`);
  });

for (const [what, args, message] of REFUSED)
  test(`${what} is refused`, t => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'explore', '--crash', ...args], {
      encoding: 'utf8',
    });
    t.is(status, 2, stdout);
    t.regex(stderr, message);
  });
