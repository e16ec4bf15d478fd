import type { Bytes, Errno, Steps } from '../../model/contract/index.js';
import type { CachedInode } from './cached-inode.js';
import type { MapOps } from './iteration.js';
import type { Context } from './platform.js';

/** Dirties what is shared in [pos, pos + length), clipped at the size (section 9). L1 and L3 are held exclusive. */
export function* unshareRange(
  context: Context,
  inode: CachedInode,
  ops: MapOps,
  pos: Bytes,
  length: Bytes,
): Steps<Errno> {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${typeof ops} ${pos} ${length}`);
}
