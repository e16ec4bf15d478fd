import type { Bytes, Steps } from '../../model/contract/index.js';
import type { CachedInode } from './cached-inode.js';
import type { MapOps } from './iteration.js';
import type { Context } from './platform.js';
import type { ReadBuffer, WriteSource } from './user-buffer.js';

/**
 * Loads [pos, pos + length) through a shared mapping, page by page. Bytes loaded, or an errno when the first page could not
 * be had: -EFAULT stands for SIGBUS.
 */
export function* mapLoad(
  context: Context,
  inode: CachedInode,
  ops: MapOps,
  pos: Bytes,
  length: Bytes,
  to: ReadBuffer,
): Steps<number> {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${typeof ops} ${pos} ${length} ${to.base}`);
}

/**
 * Stores the bytes of `from` through a shared mapping, page by page, with a write fault where the page is not writable. The
 * mapping ends with the call unless the inode has lasting ones (`inode.mappings`). Result as for `mapLoad`; a file system's
 * errno (-ENOSPC …) is passed on.
 */
export function* mapStore(context: Context, inode: CachedInode, ops: MapOps, from: WriteSource): Steps<number> {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${typeof ops} ${from.base}`);
}
