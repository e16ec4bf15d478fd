/** Every fault of ordering shows in the crash states of one bounded program: exhaustive search finds it. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test from 'ava';
import { MUTATIONS_FOLDER } from '../../properties/mutations/index.js';
import { ORDERING_FAULTS } from '../../properties/mutations/ordering.js';
import { makeMutant } from '../bugs/mutant.js';
import { readPatch } from '../bugs/patch.js';

for (const { fault, diff, program, shows } of ORDERING_FAULTS)
  test.serial(`${fault}: ${program} shows it, and its trace shows it again`, t => {
    const name = `${diff}.diff`;
    const mutant = makeMutant(readPatch(readFileSync(new URL(name, MUTATIONS_FOLDER), 'utf8'), name));
    try {
      const args = [mutant.main, 'explore', '--crash', program, '--out', `${mutant.root}/out`];
      const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
      t.is(status, 1, stdout);
      t.regex(stdout, new RegExp(`${shows} violated`));
      const trace = /replay --verbose (\S+)/.exec(stdout)?.[1] ?? '';
      const replayed = spawnSync(process.execPath, [mutant.main, 'replay', '--target', 'impl', trace], {
        encoding: 'utf8',
        timeout: 60_000,
      });
      t.is(replayed.status, 1, replayed.stderr);
      t.regex(replayed.stdout, new RegExp(`reproduced ${shows}\n`));
    } finally {
      mutant.dispose();
    }
  });
