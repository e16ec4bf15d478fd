import type { Bytes, Errno, ReportedExtent, Steps } from '../../model/contract/index.js';
import type { CachedInode } from './cached-inode.js';
import type { MapOps } from './iteration.js';
import type { Context } from './platform.js';

/** FS_IOC_FIEMAP of [start, start + length) into `extents`, at most `room` of them; `sync`: write the file back first. */
export function* fiemap(
  context: Context,
  inode: CachedInode,
  ops: MapOps,
  start: Bytes,
  length: Bytes,
  sync: boolean,
  room: number,
  extents: ReportedExtent[],
): Steps<Errno> {
  throw new Error(
    `not yet ${context.task.id} ${inode.id} ${typeof ops} ${start} ${length} ${sync} ${room} ${extents.length}`,
  );
}
