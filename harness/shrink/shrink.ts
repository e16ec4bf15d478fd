/**
 * The smallest trace that still fails in the same way. Nothing here is random: the same trace and the same target give
 * the same result. What is recorded for comparison (answers, states) is dropped first, for it describes the whole trace.
 */
import { createHash } from 'node:crypto';
import { countSteps, type Trace } from '../../traces/format/index.js';
import type { Attempt, Likeness } from './attempt.js';
import { removePieces, removeSingles } from './remove.js';
import { replaceSteps } from './replace.js';
import { simplifyCalls } from './simplify.js';
import { simplifyWhole } from './whole.js';

/** Where shrinking is, for whoever watches. */
export interface ShrinkProgress {
  readonly steps: number;
  readonly attempts: number;
}

/** Tries of one trace, so that a trace that resists does not hold up a campaign; most need a few hundred. */
const MOST_ATTEMPTS = 20_000;

/** A trace of so many steps is read at a glance. */
const FEW = 6;

/** `fails`: does this candidate fail as the trace does? It is asked at most `most` times. */
export function shrink(
  trace: Trace,
  fails: (candidate: Trace, likeness: Likeness) => boolean,
  progress: (now: ShrinkProgress) => void = () => {},
  most = MOST_ATTEMPTS,
): Trace {
  let attempts = 0;
  let steps = countSteps(trace);
  const seen = new Set<string>();
  const attempt: Attempt = (candidate, likeness = 'same') => {
    if (attempts >= most) return null;
    const key = digestOf([likeness, candidate.header, candidate.lines]);
    if (seen.has(key)) return null;
    seen.add(key);
    attempts++;
    const smaller = fails(candidate, likeness) ? candidate : null;
    if (smaller !== null) steps = countSteps(smaller);
    progress({ steps, attempts });
    return smaller;
  };
  const best = simplest(removePieces(attempt(bare(trace)) ?? trace, attempt), attempt);
  if (countSteps(best) <= FEW) return best;
  // What an event shows is put down to whoever was answered next: with fewer steps that may be another operation.
  const fewer = removeSingles(best, candidate => attempt(candidate, 'rule'));
  return fewer === best ? best : simplest(fewer, attempt);
}

/** As simple as it gets: what one pass made simpler another may make simpler still. */
function simplest(trace: Trace, attempt: Attempt): Trace {
  let best = trace;
  for (let before = ''; before !== JSON.stringify(best); ) {
    before = JSON.stringify(best);
    best = simplifyWhole(best, attempt);
    best = removeSingles(best, attempt);
    best = replaceSteps(best, attempt);
    best = simplifyCalls(best, attempt);
  }
  return best;
}

/** What was tried is known by its digest: the texts themselves would fill memory. */
function digestOf(candidate: unknown): string {
  return createHash('sha1').update(JSON.stringify(candidate)).digest('base64');
}

/** Without what is recorded for comparison. */
function bare(trace: Trace): Trace {
  const lines = trace.lines.filter(line => line.kind !== 'expectation');
  return { ...trace, lines: lines.map(line => (line.kind === 'directive' ? line : { ...line, answer: null })) };
}
