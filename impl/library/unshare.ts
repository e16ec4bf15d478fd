/**
 * Breaking sharing (section 9 of pagecache.md): what is shared in the range is read into the cache, if it is not there, and
 * marked dirty, so that writeback puts it into blocks of the file's own. Everything else is passed over (MAP-34).
 */
import { type Bytes, type Errno, MapFlag, MapType, OpFlag, type Steps, Y } from '../../model/contract/index.js';
import type { CachedInode } from './cached-inode.js';
import { FolioWrite, STALE } from './folio-write.js';
import { iterate } from './iterate.js';
import type { Iteration, IterationPoints, MapOps } from './iteration.js';
import type { Context } from './platform.js';

const POINTS: IterationPoints = {
  before: Y['Y-BW1'],
  after: Y['Y-US1'],
  beforeEnd: Y['Y-BW9'],
  afterEnd: Y['Y-BW12'],
};

/** Dirties what is shared in [pos, pos + length), clipped at the size. L1 and L3 are held exclusive. */
export function unshareRange(
  context: Context,
  inode: CachedInode,
  ops: MapOps,
  pos: Bytes,
  length: Bytes,
): Errno | Steps<Errno> {
  const end = Math.min(pos + length, inode.isize);
  if (pos < 0 || pos >= end) return 0;
  const { iterations } = context.platform;
  const iteration = iterations.take(context, inode, ops, pos, end - pos, OpFlag.WRITE | OpFlag.UNSHARE);
  const write = new FolioWrite(context, inode, ops, iteration);
  return iterate(iteration, POINTS, {
    serve() {
      const { iomap, srcmap } = iteration;
      if ((iomap.flags & MapFlag.SHARED) !== 0 && srcmap.type === MapType.MAPPED)
        return unshareMapping(context, iteration, write, inode.cache.largest);
      iteration.skip();
      return 0;
    },
  });
}

function* unshareMapping(context: Context, iteration: Iteration, write: FolioWrite, most: Bytes): Steps<Errno> {
  while (iteration.rest > 0) {
    if (context.task.stopsAt(Y['Y-BW3'])) yield Y['Y-BW3'];
    if (context.task.stopsAt(Y['Y-BW5'])) yield Y['Y-BW5'];
    const begun = write.begin(Math.min(iteration.rest, most));
    const prepared = typeof begun === 'number' ? begun : yield* begun;
    if (prepared < 0) return prepared;
    if (prepared === STALE) return 0;
    const length = write.to - iteration.pos;
    write.finish(length);
    write.release();
    iteration.advance(length);
  }
  return 0;
}
