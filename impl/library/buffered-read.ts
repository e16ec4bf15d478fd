import type { Bytes, Steps } from '../../model/contract/index.js';
import type { CachedInode } from './cached-inode.js';
import type { MapOps } from './iteration.js';
import type { Context } from './platform.js';
import type { ReadBuffer } from './user-buffer.js';

/** pread through the cache: at most `isize - pos` bytes (PC-28). -EAGAIN under `nowait` when it would have to read. */
export function bufferedRead(
  context: Context,
  inode: CachedInode,
  ops: MapOps,
  pos: Bytes,
  length: Bytes,
  to: ReadBuffer,
  nowait = false,
): number | Steps<number> {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${typeof ops} ${pos} ${length} ${to.base} ${nowait}`);
}

/** Starts reads of the folios of [pos, pos + length) that are not cached, without waiting for them. */
export function* readAhead(context: Context, inode: CachedInode, ops: MapOps, pos: Bytes, length: Bytes): Steps<void> {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${typeof ops} ${pos} ${length}`);
}
