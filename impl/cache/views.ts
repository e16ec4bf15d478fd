import type { Bytes } from '../../model/contract/index.js';
import type { CachedInode } from '../library/cached-inode.js';

/** Takes [from, to) out of all views: the next store there faults. munmap of a lasting mapping is (0, Infinity). */
export function unmapRange(inode: CachedInode, from: Bytes, to: Bytes): void {
  throw new Error(`not yet ${inode.id} ${from} ${to}`);
}
