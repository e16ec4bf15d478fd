/**
 * Giving back delayed blocks that a failed or short write reserved and did not fill (section 5 of pagecache.md). A block is
 * kept only if its first byte lies below the size and it is dirty in the cache; all others of the range are punched, each
 * once and whole (PC-50 … PC-56). The end of the file is compared by block, so a dirty EOF block keeps its space (H-7).
 */
import { type Bytes, Ev, type Steps, Y } from '../../model/contract/index.js';
import type { Folio } from '../cache/folio.js';
import { lockFolio } from '../cache/lock-folio.js';
import type { CachedInode } from './cached-inode.js';
import type { Context } from './platform.js';

/** Gives back the delayed blocks of [offset, offset + length), whole blocks; leaves everything else alone (PC-51). */
export type Punch = (offset: Bytes, length: Bytes) => void;

/**
 * Scans [from, to) = [W, ru(pos + length)) of MAP-44. L3 is held exclusive. Steps are returned only where a folio lock may
 * have to be waited for: `const scan = writeDelallocRelease(…); if (scan !== null) yield* scan;`
 */
export function writeDelallocRelease(
  context: Context,
  inode: CachedInode,
  from: Bytes,
  to: Bytes,
  punch: Punch,
): Steps<void> | null {
  if (from >= to) return null;
  context.sink.emit(Ev['punch-scope'], inode.id, from, to, 0);
  const end = Math.min(inode.isize, to);
  if (context.task.observed || anyLocked(inode, from, end)) return scanSteps(context, inode, from, to, end, punch);
  const { cache } = inode;
  let punched = from;
  for (let place = cache.placeOf(from); place < cache.folios.length; place++) {
    const folio = cache.folios[place]!;
    if (folio.pos >= end) break;
    punched = scanFolio(folio, punched, end, punch);
  }
  if (punched < to) punch(punched, to - punched);
  return null;
}

function anyLocked(inode: CachedInode, from: Bytes, to: Bytes): boolean {
  const { folios } = inode.cache;
  for (let place = inode.cache.placeOf(from); place < folios.length && folios[place]!.pos < to; place++)
    if (folios[place]!.locked) return true;
  return false;
}

function* scanSteps(
  context: Context,
  inode: CachedInode,
  from: Bytes,
  to: Bytes,
  end: Bytes,
  punch: Punch,
): Steps<void> {
  const { cache } = inode;
  const { task } = context;
  let punched = from;
  for (let cursor = from; cursor < end; ) {
    if (task.stopsAt(Y['Y-BW11'])) yield Y['Y-BW11'];
    const folio = cache.firstIn(cursor, end);
    if (folio === null) break;
    // Writeback between clearing the dirty flag and the D bits holds the lock; without it a dirty block might look clean.
    if (!cache.tryLock(folio, task) && !(yield* lockFolio(cache, folio, task, Y['Y-BW11']))) continue;
    punched = scanFolio(folio, punched, end, punch);
    cursor = folio.end;
    cache.unlock(folio);
  }
  if (punched < to) punch(punched, to - punched);
}

/** Punches what lies between the dirty blocks of the folio that begin in [punched, end). Returns where to go on. */
function scanFolio(folio: Folio, punched: Bytes, end: Bytes, punch: Punch): Bytes {
  if (!folio.dirty) return punched;
  const size = folio.size / folio.blocks;
  const last = Math.min(folio.blocks, Math.ceil((end - folio.pos) / size));
  let from = punched;
  let block = folio.nextDirty(Math.max(0, Math.floor((from - folio.pos) / size)), last);
  while (block < last) {
    const start = folio.pos + block * size;
    if (start > from) punch(from, start - from);
    block = folio.nextClean(block, last);
    from = folio.pos + block * size;
    block = folio.nextDirty(block, last);
  }
  return from;
}
