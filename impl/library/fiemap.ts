/** FS_IOC_FIEMAP (section 3 of dax-seek-report.md): a mapping is emitted when the next one is known, the final one with LAST. */
import {
  type Bytes,
  ENOENT,
  type Errno,
  type Iomap,
  MapFlag,
  MapType,
  OpFlag,
  type ReportedExtent,
  type Steps,
  Y,
} from '../../model/contract/index.js';
import type { CachedInode } from './cached-inode.js';
import { iterate } from './iterate.js';
import type { IterationPoints, MapOps } from './iteration.js';
import type { Context } from './platform.js';
import { writeAndWait } from './wait.js';

const POINTS: IterationPoints = { before: Y['Y-SK1'], after: null, beforeEnd: null, afterEnd: null };

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
  if (sync) {
    const written = writeAndWait(context, inode, 0, Number.POSITIVE_INFINITY);
    const errno = typeof written === 'number' ? written : yield* written;
    if (errno !== 0) return errno;
  }
  if (length <= 0) return 0;
  const { iterations } = context.platform;
  const iteration = iterations.take(context, inode, ops, start, length, OpFlag.REPORT);
  let held = null as ReportedExtent | null;
  const iterated = iterate(iteration, POINTS, {
    serve() {
      if (iteration.iomap.type !== MapType.HOLE) {
        if (held !== null) {
          // FM-05: a full array ends the walk with success.
          if (extents.length >= room) return 0;
          extents.push(held);
        }
        held = reported(iteration.iomap);
      }
      iteration.skip();
      return 0;
    },
  });
  const result = typeof iterated === 'number' ? iterated : yield* iterated;
  if (held !== null && extents.length < room && (result === 0 || result === ENOENT))
    extents.push({ ...held, last: true });
  return result === ENOENT ? 0 : result;
}

/** FM-04. */
function reported(iomap: Iomap): ReportedExtent {
  return {
    logical: iomap.offset,
    physical: Math.max(0, iomap.addr),
    length: iomap.length,
    unwritten: iomap.type === MapType.UNWRITTEN,
    delalloc: iomap.type === MapType.DELALLOC,
    shared: (iomap.flags & MapFlag.SHARED) !== 0,
    inline: iomap.type === MapType.INLINE,
    last: false,
  };
}
