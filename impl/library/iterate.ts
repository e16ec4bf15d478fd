/**
 * The loop around a mapping iteration that every operation has: a mapping, what is done under it, the next (MAP-60 … MAP-64).
 * Mostly nothing has to be waited for, and then it costs no generator.
 */
import type { Errno, Steps } from '../../model/contract/index.js';
import type { Iteration, IterationPoints } from './iteration.js';

/** What an operation does under a mapping. Where it is done often this is an object, for a fresh function costs its first call. */
export interface Body {
  /** Serves the present mapping; says the status it ends with. */
  serve(): Errno | Steps<Errno>;
}

/** Has `body` serve one mapping after the other: 0 or the errno that ended it, or the steps to that. */
export function iterate(iteration: Iteration, points: IterationPoints, body: Body): Errno | Steps<Errno> {
  for (;;) {
    const next = iteration.next(points);
    if (typeof next !== 'number') return goOn(iteration, points, body, next);
    if (next <= 0) return next;
    const status = body.serve();
    if (typeof status !== 'number') return goOn(iteration, points, body, nextAfter(iteration, points, status));
    iteration.status = status;
  }
}

/** From the first wait on. */
function* goOn(iteration: Iteration, points: IterationPoints, body: Body, first: Steps<number>): Steps<Errno> {
  for (let next: number | Steps<number> = first; ; next = iteration.next(points)) {
    const given = typeof next === 'number' ? next : yield* next;
    if (given <= 0) return given;
    const status = body.serve();
    iteration.status = typeof status === 'number' ? status : yield* status;
  }
}

/** The next mapping, once a body is through. */
function* nextAfter(iteration: Iteration, points: IterationPoints, status: Steps<Errno>): Steps<number> {
  iteration.status = yield* status;
  const next = iteration.next(points);
  return typeof next === 'number' ? next : yield* next;
}
