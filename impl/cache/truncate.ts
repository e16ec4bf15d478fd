import type { Bytes, Steps } from '../../model/contract/index.js';
import type { CachedInode } from '../library/cached-inode.js';
import type { Context } from '../library/platform.js';

/**
 * Removes the cache of [from, to) (PC-92): whole folios go, partial ones are zeroed in the range and split. Also unmaps the
 * range from views. The caller holds L1 and L3 exclusive. `to` may be Infinity.
 */
export function* truncateCache(context: Context, inode: CachedInode, from: Bytes, to: Bytes): Steps<void> {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${from} ${to}`);
}
