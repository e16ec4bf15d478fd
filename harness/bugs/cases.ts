/** A hunt as a list of cases: each bug has to be found on every seed, and the unchanged package must not be reported. */
import { failed, passed, type Suite } from '../results/suite.js';
import type { BugReport, HuntReport } from './hunt.js';

export function casesOfHunt({ bugs, alarms, falseAlarms, seeds }: HuntReport): Suite {
  return {
    name: 'bugs',
    seconds: null,
    cases: [
      ...bugs.map(bug => (bug.found ? passed('bugs', bug.slug) : failed('bugs', bug.slug, missedOn(bug, seeds)))),
      ...alarms.map(({ seed, by, message }) => failed('control', `seed ${seed}`, `${by}: ${message}`)),
      ...(falseAlarms === 0 ? [passed('control', 'unchanged package')] : []),
    ],
  };
}

function missedOn({ detections }: BugReport, seeds: readonly string[]): string {
  const of = seeds.filter((_, place) => detections[place]?.found !== true);
  return `not found on seed ${of.join(', ')}`;
}
