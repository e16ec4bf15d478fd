import type { Bytes, Errno, Steps } from '../../model/contract/index.js';
import type { CachedInode } from './cached-inode.js';
import type { MapOps } from './iteration.js';
import type { Context } from './platform.js';

/**
 * Makes [pos, pos + length) read as zeroes through the cache (section 8, `[N]`). L1 and L3 are held exclusive. Afterwards
 * `context.didZero` says whether a byte was stored (PC-72).
 */
export function* zeroRange(context: Context, inode: CachedInode, ops: MapOps, pos: Bytes, length: Bytes): Steps<Errno> {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${typeof ops} ${pos} ${length}`);
}

/** Zeroes from `pos` to the end of its block (PC-76). */
export function* truncatePage(context: Context, inode: CachedInode, ops: MapOps, pos: Bytes): Steps<Errno> {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${typeof ops} ${pos}`);
}

/**
 * For begin under ZERO: collects the folios of [from, to) that are dirty, under writeback or locked into `context.batch`.
 * Returns the end of what was scanned; begin trims the mapping to it and sets MapFlag.FOLIO_BATCH (MAP-28, PC-74).
 */
export function fillDirtyFolios(context: Context, inode: CachedInode, from: Bytes, to: Bytes): Bytes {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${from} ${to}`);
}
