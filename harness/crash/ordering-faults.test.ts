/** Every fault of ordering shows in the crash states of one bounded program: exhaustive search finds it. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import test from 'ava';
import { MUTATIONS_FOLDER } from '../../properties/mutations/index.js';
import { ORDERING_FAULTS } from '../../properties/mutations/ordering.js';
import { patchIn } from '../bugs/kept.js';
import { makeMutant } from '../bugs/mutant.js';

for (const { fault, diff, program, shows } of ORDERING_FAULTS)
  test.serial(`${fault}: ${program} shows it, and its trace shows it again and shrinks to it`, t => {
    const mutant = makeMutant(patchIn(MUTATIONS_FOLDER, diff));
    try {
      const run = (...args: readonly string[]): SpawnSyncReturns<string> =>
        spawnSync(process.execPath, [mutant.main, ...args], { encoding: 'utf8', timeout: 60_000 });
      const { status, stdout } = run('explore', '--crash', program, '--out', `${mutant.root}/out`);
      t.is(status, 1, stdout);
      t.regex(stdout, new RegExp(`${shows} violated`));
      const trace = /replay --verbose (\S+)/.exec(stdout)?.[1] ?? '';
      const replayed = run('replay', '--verbose', '--target', 'impl', trace);
      t.is(replayed.status, 1, replayed.stderr);
      t.regex(replayed.stdout, new RegExp(`reproduced ${shows}\n`));
      // One timeline, of the run that the verdict is about: always-on checks may have ended another before power was lost.
      t.is(replayed.stdout.match(/^explore --crash .* on impl$/gm)?.length, 1, replayed.stdout);
      t.regex(replayed.stdout, new RegExp(`→ violation\n(?: {4}.*\n)*? {4}${shows}: `));
      const shrunk = run('shrink', trace);
      t.is(shrunk.status, 0, shrunk.stderr);
      t.regex(shrunk.stdout, new RegExp(`^${shows} `, 'm'));
    } finally {
      mutant.dispose();
    }
  });
