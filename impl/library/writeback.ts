import type { Bytes, Errno, Steps } from '../../model/contract/index.js';
import type { CachedInode } from './cached-inode.js';
import type { Context } from './platform.js';

/**
 * Writes the dirty folios that touch [from, to): `integrity` those dirty now, all of them, waiting for earlier writeback of
 * each; else as background writeback does. Does not wait for the I/O. Returns the first error of submission.
 */
export function* writePages(
  context: Context,
  inode: CachedInode,
  from: Bytes,
  to: Bytes,
  integrity: boolean,
): Steps<Errno> {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${from} ${to} ${integrity}`);
}
