/**
 * Mistakes that only show between two steps: the races of locking-and-races.md section 5 with their remedies taken out, and
 * mistakes of locking. Each is a unified diff against `impl/` in a folder beside this file; a campaign of several tasks
 * finds it, and the rule named first says what is wrong.
 */
import type { RuleId } from '../../model/contract/index.js';
import { MUTATIONS_FOLDER } from './index.js';

export interface Interleaving {
  /** The race, or the kind of mistake. */
  readonly row: string;
  /** Slug of the diff. */
  readonly diff: string;
  /** What may report it. */
  readonly reportedBy: readonly RuleId[];
}

export const RACES_FOLDER: URL = new URL('races/', MUTATIONS_FOLDER);
/** What hunting them came to, kept by `harness/bugs/publish-interleavings`. */
export const INTERLEAVINGS_MEASURED: URL = new URL('interleavings.json', MUTATIONS_FOLDER);
export const LOCKS_FOLDER: URL = new URL('locks/', MUTATIONS_FOLDER);

export const RACES: readonly Interleaving[] = [
  { row: 'R-1', diff: 'unwritten-mapping-not-checked', reportedBy: ['INV-08', 'INV-26', 'INV-07', 'MAP-52'] },
  { row: 'R-2', diff: 'delayed-mapping-not-checked', reportedBy: ['INV-08', 'INV-26', 'INV-12', 'MAP-52'] },
  { row: 'R-3', diff: 'punch-without-invalidate-lock', reportedBy: ['INV-71', 'INV-12', 'INV-17'] },
  { row: 'R-4', diff: 'no-invalidation-after-write', reportedBy: ['INV-53', 'INV-31', 'INV-26'] },
  { row: 'R-5', diff: 'direct-read-of-delayed-blocks', reportedBy: ['INV-03', 'INV-30', 'INV-31'] },
  { row: 'R-5', diff: 'collision-not-recorded', reportedBy: ['INV-53', 'INV-31', 'INV-26'] },
  {
    row: 'R-6',
    diff: 'unaligned-writes-side-by-side',
    reportedBy: ['INV-52', 'INV-30', 'INV-31', 'INV-32', 'INV-38', 'INV-26', 'INV-51'],
  },
];

export const LOCK_MISTAKES: readonly Interleaving[] = [
  { row: 'order reversed', diff: 'invalidate-lock-before-inode-lock', reportedBy: ['INV-70'] },
  { row: 'lock dropped early', diff: 'inode-lock-dropped-early', reportedBy: ['INV-71'] },
  { row: 'not held at a callback', diff: 'write-fault-without-invalidate-lock', reportedBy: ['INV-71'] },
  { row: 'left behind', diff: 'invalidate-lock-left-behind', reportedBy: ['INV-72', 'INV-73'] },
  {
    row: 'lock never taken',
    diff: 'read-without-inode-lock',
    reportedBy: ['INV-30', 'INV-36', 'INV-75', 'INV-26', 'INV-37'],
  },
  {
    row: 'lock of the source never taken',
    diff: 'clone-locks-its-target-only',
    reportedBy: ['INV-12', 'INV-71', 'INV-38', 'INV-26', 'INV-08'],
  },
  { row: 'starved', diff: 'waiters-let-each-other-go-first', reportedBy: ['INV-73'] },
  { row: 'never ends', diff: 'request-waits-for-itself', reportedBy: ['INV-73'] },
];
