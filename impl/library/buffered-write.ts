import type { Bytes, OpFlags, Steps } from '../../model/contract/index.js';
import type { CachedInode } from './cached-inode.js';
import type { MapOps } from './iteration.js';
import type { Context } from './platform.js';
import type { WriteSource } from './user-buffer.js';

/**
 * Writes the bytes of `from` behind `pos` (normally all: `pos = from.base`) through the cache. `flags`: 0 or OpFlag.NOWAIT.
 * Returns the bytes written if any, else the errno (PC-30). The caller holds L1 exclusive and has checked limits and size.
 */
export function* bufferedWrite(
  context: Context,
  inode: CachedInode,
  ops: MapOps,
  pos: Bytes,
  from: WriteSource,
  flags: OpFlags,
): Steps<number> {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${typeof ops} ${pos} ${from.base} ${flags}`);
}
