import type { Bytes, Steps } from '../../model/contract/index.js';
import type { CachedInode } from './cached-inode.js';
import type { MapOps } from './iteration.js';
import type { Context } from './platform.js';

/** SEEK_DATA: the position, or -ENXIO. begin gets REPORT | SEEK. */
export function* seekData(context: Context, inode: CachedInode, ops: MapOps, pos: Bytes): Steps<number> {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${typeof ops} ${pos}`);
}

/** SEEK_HOLE: the position, or -ENXIO. begin gets REPORT | SEEK. */
export function* seekHole(context: Context, inode: CachedInode, ops: MapOps, pos: Bytes): Steps<number> {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${typeof ops} ${pos}`);
}
