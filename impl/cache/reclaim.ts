import type { Bytes } from '../../model/contract/index.js';
import type { CachedInode } from '../library/cached-inode.js';
import type { Context } from '../library/platform.js';

/** Drops clean, unlocked, unreferenced folios that lie wholly in [from, to) (PC-95): reclaim, and dropping caches. */
export function dropCleanFolios(context: Context, inode: CachedInode, from: Bytes, to: Bytes): void {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${from} ${to}`);
}

/** Moves folios of [from, to) to other memory where nothing forbids it (PC-94). */
export function migrateFolios(context: Context, inode: CachedInode, from: Bytes, to: Bytes): void {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${from} ${to}`);
}
