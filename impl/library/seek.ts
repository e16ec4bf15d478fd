/**
 * SEEK_DATA and SEEK_HOLE (section 2 of dax-seek-report.md): the map decides, and over unwritten blocks the cache, because
 * dirty data has not reached the map yet (SEEK-03).
 */
import { type Bytes, ENXIO, MapType, OpFlag, type Steps, Y } from '../../model/contract/index.js';
import { cachedData, cachedHole } from '../cache/search.js';
import type { CachedInode } from './cached-inode.js';
import { iterate } from './iterate.js';
import type { Iteration, IterationPoints, MapOps } from './iteration.js';
import type { Context } from './platform.js';

const POINTS: IterationPoints = { before: Y['Y-SK1'], after: null, beforeEnd: null, afterEnd: null };

/** SEEK_DATA: the position, or -ENXIO. begin gets REPORT | SEEK. */
export function* seekData(context: Context, inode: CachedInode, ops: MapOps, pos: Bytes): Steps<number> {
  const found = yield* seek(context, inode, ops, pos, dataIn);
  // Nothing up to the end of the file: the virtual hole there is no data.
  return found === AT_END ? ENXIO : found;
}

/** SEEK_HOLE: the position, or -ENXIO. begin gets REPORT | SEEK. */
export function* seekHole(context: Context, inode: CachedInode, ops: MapOps, pos: Bytes): Steps<number> {
  const size = inode.isize;
  const found = yield* seek(context, inode, ops, pos, holeIn);
  return found === AT_END ? size : found;
}

const AT_END = Number.POSITIVE_INFINITY;

/** Where in the rest of the mapping the search ends; its end if it does not. */
type Search = (inode: CachedInode, iteration: Iteration, end: Bytes) => Bytes;

function dataIn(inode: CachedInode, iteration: Iteration, end: Bytes): Bytes {
  if (iteration.iomap.type === MapType.HOLE) return end;
  return iteration.iomap.type === MapType.UNWRITTEN ? cachedData(inode.cache, iteration.pos, end) : iteration.pos;
}

function holeIn(inode: CachedInode, iteration: Iteration, end: Bytes): Bytes {
  if (iteration.iomap.type === MapType.HOLE) return iteration.pos;
  return iteration.iomap.type === MapType.UNWRITTEN ? cachedHole(inode.cache, iteration.pos, end) : end;
}

function* seek(context: Context, inode: CachedInode, ops: MapOps, pos: Bytes, search: Search): Steps<number> {
  const size = inode.isize;
  if (pos < 0 || pos >= size) return ENXIO;
  const { iterations } = context.platform;
  const iteration = iterations.take(context, inode, ops, pos, size - pos, OpFlag.REPORT | OpFlag.SEEK);
  let found = AT_END;
  const iterated = iterate(iteration, POINTS, {
    serve() {
      const end = iteration.pos + iteration.rest;
      const at = search(inode, iteration, end);
      // Found: nothing more is advanced over, which ends the iteration (MAP-62).
      if (at < end) found = at;
      else iteration.skip();
      return 0;
    },
  });
  const result = typeof iterated === 'number' ? iterated : yield* iterated;
  return result < 0 ? result : found;
}
