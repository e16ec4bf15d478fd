import type { Bytes, Errno, Steps } from '../../model/contract/index.js';
import type { CachedInode } from '../library/cached-inode.js';
import type { Context } from '../library/platform.js';

/** Drops the clean folios that touch [from, to) after unmapping them; -EBUSY if one cannot be dropped (PC-93). */
export function* invalidateCache(context: Context, inode: CachedInode, from: Bytes, to: Bytes): Steps<Errno> {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${from} ${to}`);
}
