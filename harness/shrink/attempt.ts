/** One try of shrinking: gives the candidate back if it still fails, null if it does not. */
import type { Trace } from '../../traces/format/index.js';

/**
 * How alike two failures must be. same: the same rule, shown by the same operation. rule: the same rule, which another
 * operation may show, because the candidate has another operation in the place of the one that did.
 */
export type Likeness = 'same' | 'rule';

export type Attempt = (candidate: Trace, likeness?: Likeness) => Trace | null;
