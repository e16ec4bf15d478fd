/**
 * Removing a byte range from the cache (PC-91, PC-92): folios wholly inside go; of the others the bytes are zeroed, the
 * blocks fully inside lose D, and a large folio is split around the edge. Used by truncate, punch and failed writes.
 */
import { type Bytes, type Steps, type Task, Y } from '../../model/contract/index.js';
import type { Folio } from './folio.js';
import { lockFolio, waitFolioWriteback } from './lock-folio.js';
import { Cleaned, type PageCache } from './page-cache.js';
import { splitFolio } from './split.js';

/** Removes the cache of [from, to); `to` may be Infinity. The caller keeps new folios out (L1 and L3 exclusive). */
export function* truncateRange(cache: PageCache, task: Task, from: Bytes, to: Bytes): Steps<void> {
  let cursor = from;
  while (cursor < to) {
    const folio = cache.firstIn(cursor, to);
    if (folio === null) return;
    if (task.stopsAt(Y['Y-TR3'])) yield Y['Y-TR3'];
    if (!cache.tryLock(folio, task) && !(yield* lockFolio(cache, folio, task, Y['Y-TR3']))) continue;
    if (folio.cache !== cache) {
      // It left while we were at the yield point above.
      cache.unlock(folio);
      continue;
    }
    if (folio.writeback) yield* waitFolioWriteback(cache, folio, task, Y['Y-TR3']);
    cursor = folio.end;
    if (folio.writable) cache.setWritable(folio, false);
    if (folio.pos >= from && folio.end <= to) removeFolio(cache, folio);
    else if (!truncatePart(cache, folio, Math.max(from, folio.pos), Math.min(to, folio.end))) cursor = from;
    cache.unlock(folio);
  }
}

/** Takes a locked folio out of the cache, dirty or not. */
export function removeFolio(cache: PageCache, folio: Folio): void {
  if (folio.dirty || folio.hasBlockState) cache.clean(folio, folio.pos, folio.end, Cleaned.truncated);
  folio.dropBlockState(cache.memory);
  cache.remove(folio);
}

/**
 * Zeroes and invalidates [from, to) of a locked folio. False if it was split instead, so that its pieces have to be looked
 * at: what goes as a whole is never zeroed, for a fault that finds it meanwhile would show zeroes that nobody stored.
 */
function truncatePart(cache: PageCache, folio: Folio, from: Bytes, to: Bytes): boolean {
  if (folio.size > cache.smallest) {
    if (splitAround(cache, folio, from, to)) return false;
    // A clean large folio that cannot be split is dropped whole; its bytes will be read again.
    if (!folio.dirty) {
      removeFolio(cache, folio);
      return true;
    }
  }
  const at = folio.at - folio.pos;
  cache.memory.bytes.fill(0, at + from, at + to);
  const block = cache.blockSize;
  const first = from + ((block - (from % block)) % block);
  const last = to === folio.end ? to : to - (to % block);
  if (folio.hasBlockState && first < last) cache.clean(folio, first, last, Cleaned.truncated);
  return true;
}

/** Splits the folio where the range begins and where it ends in it; false if neither could be done. */
function splitAround(cache: PageCache, folio: Folio, from: Bytes, to: Bytes): boolean {
  const { smallest } = cache;
  const { end } = folio;
  const split = from > folio.pos && splitFolio(cache, folio, from, smallest);
  if (to >= end || (from > folio.pos && !split)) return split;
  const behind = cache.find(to)!;
  if (behind.size === smallest || (behind !== folio && behind.lockOwner !== null)) return split;
  return splitFolio(cache, behind, to, smallest) || split;
}
