/**
 * Dropping the cache of a range because the device is about to be, or was, written behind its back (PC-93): every folio that
 * touches the range goes, unless it is dirty.
 */
import { type Bytes, EBUSY, type Errno, type Point, type Steps, type Task } from '../../model/contract/index.js';
import { lockFolio, waitFolioWriteback } from './lock-folio.js';
import type { PageCache } from './page-cache.js';

/** 0, or -EBUSY if a folio of [from, to) had to stay; the others are dropped all the same. */
export function* invalidateRange(cache: PageCache, task: Task, from: Bytes, to: Bytes, point: Point): Steps<Errno> {
  let result: Errno = 0;
  for (let cursor = from; cursor < to; ) {
    const folio = cache.firstIn(cursor, to);
    if (folio === null) break;
    if (!cache.tryLock(folio, task) && !(yield* lockFolio(cache, folio, task, point))) continue;
    if (folio.writeback) yield* waitFolioWriteback(cache, folio, task, point);
    cursor = folio.end;
    if (folio.writable) cache.setWritable(folio, false);
    // References do not keep it: a reader that waits for the folio must not find it again (DIO-50).
    if (folio.dirty) result = EBUSY;
    else {
      folio.dropBlockState(cache.memory);
      cache.remove(folio);
    }
    cache.unlock(folio);
  }
  return result;
}
