/** One try of shrinking: gives the candidate back if it still fails in the same way, null if it does not. */
import type { Trace } from '../../traces/format/index.js';

export type Attempt = (candidate: Trace) => Trace | null;
