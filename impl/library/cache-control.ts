/** The operations on a range of a file's cache, as file systems call them. What they do stands with the page cache. */
import { type Bytes, type Errno, type Steps, Y } from '../../model/contract/index.js';
import { invalidateRange } from '../cache/invalidate.js';
import { migrateRange, reclaimRange } from '../cache/reclaim.js';
import { truncateRange } from '../cache/truncate.js';
import { protectRange } from '../cache/views.js';
import type { CachedInode } from './cached-inode.js';
import type { Context } from './platform.js';

/**
 * Removes the cache of [from, to) (PC-92): whole folios go, partial ones are zeroed in the range and split. Also unmaps the
 * range from views. The caller holds L1 and L3 exclusive. `to` may be Infinity.
 */
export function truncateCache(context: Context, inode: CachedInode, from: Bytes, to: Bytes): Steps<void> {
  return truncateRange(inode.cache, context.task, from, to);
}

/** Drops the clean folios that touch [from, to) after unmapping them; -EBUSY if one has to stay (PC-93). */
export function invalidateCache(context: Context, inode: CachedInode, from: Bytes, to: Bytes): Steps<Errno> {
  return invalidateRange(inode.cache, context.task, from, to, Y['Y-LK1']);
}

/** Drops clean, unlocked, unreferenced folios that touch [from, to) (PC-95): reclaim, and dropping caches. */
export function dropCleanFolios(inode: CachedInode, from: Bytes, to: Bytes): void {
  reclaimRange(inode.cache, from, to);
}

/** Moves folios that touch [from, to) to other memory where nothing forbids it (PC-94). */
export function migrateFolios(inode: CachedInode, from: Bytes, to: Bytes): void {
  migrateRange(inode.cache, from, to);
}

/** Takes [from, to) out of all views: the next store there faults. munmap of a lasting mapping is (0, Infinity). */
export function unmapRange(inode: CachedInode, from: Bytes, to: Bytes): void {
  protectRange(inode.cache, from, to);
}

/** True if a folio that touches [from, to) is dirty, under writeback or locked (section 8 step 1). */
export function needsWriteback(inode: CachedInode, from: Bytes, to: Bytes): boolean {
  const { cache } = inode;
  if (cache.dirtyCount === 0 && cache.writebackCount === 0) return false;
  for (let place = cache.placeOf(from); place < cache.folios.length; place++) {
    const folio = cache.folios[place]!;
    if (folio.pos >= to) return false;
    if (folio.dirty || folio.writeback || folio.locked) return true;
  }
  return false;
}

/** True if any folio touches [from, to). */
export function hasCached(inode: CachedInode, from: Bytes, to: Bytes): boolean {
  return inode.cache.firstIn(from, to) !== null;
}
