/**
 * How many crash states are recovered and judged in a second of processor time, tiny geometry, one thread: the programs
 * of `explore --crash --all --longest 2`, a share of them in each round, with what it takes to run them. A state is a
 * position of the device history with one image of log and metadata, held against the model with every content that the
 * sectors of data may have. States that differ only in what recovery never looks at are judged as one; beside the rate of
 * all stands that of those which are different. `node dist/harness/bench/crashes.js`; add `--cpu-prof` for the profile.
 */
import { CRASH_GEOMETRY, countPrograms, programAt } from '../crash/alphabet.js';
import { Exhauster } from '../crash/exhaust.js';
import { targetFactory } from '../targets/index.js';
import { median } from './statistics.js';

const ROUNDS = 7;
const PROGRAMS = 300;

const exhauster = new Exhauster(await targetFactory('impl', 'xfs'), CRASH_GEOMETRY);
const total = countPrograms(2);
const stride = Math.floor(total / (ROUNDS * PROGRAMS));

function round(first: number): { readonly states: number; readonly different: number } {
  const before = process.cpuUsage();
  let states = 0;
  let different = 0;
  for (let n = first; n < total; n += stride * ROUNDS) {
    const { counts } = exhauster.run(programAt(n), false);
    states += counts.states;
    different += counts.different;
  }
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  return { states: Math.round(states / seconds), different: Math.round(different / seconds) };
}

round(0);
const rounds = Array.from({ length: ROUNDS }, (_, index) => round(index * stride));
const tell = (what: string, rates: readonly number[]): void =>
  void process.stdout.write(`${what}: ${median(rates)} (${rates.join(' ')})\n`);
tell(
  'crash states a second',
  rounds.map(({ states }) => states),
);
tell(
  'of them different to recovery',
  rounds.map(({ different }) => different),
);
