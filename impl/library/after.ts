/** For functions that are steps only where they have to wait: how they go on after it. */
import type { Steps } from '../../model/contract/index.js';

/** Goes on with what the steps come to. */
export function* after<T>(waiting: Steps<T>, then: (result: T) => number | Steps<number>): Steps<number> {
  const result = then(yield* waiting);
  return typeof result === 'number' ? result : yield* result;
}
