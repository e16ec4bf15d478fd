/**
 * How many crash states are recovered and judged in a second of processor time, tiny geometry, one thread: the programs
 * of `explore --crash --all --longest 2`, a share of them in each round. A state is a position of the device history with
 * one image of log and metadata, held against the model with every content that the sectors of data may have. Counted
 * are only those that recovery can tell from each other at their position; all that differ in what it never looks at are
 * one. `node dist/harness/bench/crashes.js`; add `--cpu-prof` for the profile.
 */
import { CRASH_GEOMETRY, countPrograms, programAt } from '../crash/alphabet.js';
import { Exhauster } from '../crash/exhaust.js';
import { targetFactory } from '../targets/index.js';
import { median } from './statistics.js';

const ROUNDS = 7;
const PROGRAMS = 60;

const exhauster = new Exhauster(await targetFactory('impl', 'xfs'), CRASH_GEOMETRY);
const total = countPrograms(2);
const stride = Math.floor(total / (ROUNDS * PROGRAMS));

function round(first: number): number {
  const before = process.cpuUsage();
  let states = 0;
  for (let n = first; n < total; n += stride * ROUNDS) states += exhauster.run(programAt(n), false).counts.different;
  const { user, system } = process.cpuUsage(before);
  return states / ((user + system) / 1e6);
}

round(0);
const rates = Array.from({ length: ROUNDS }, (_, index) => round(index * stride));
const told = rates.map(rate => Math.round(rate)).join(' ');
process.stdout.write(`crash states a second: ${Math.round(median(rates))} (${told})\n`);
