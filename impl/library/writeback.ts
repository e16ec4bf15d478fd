/**
 * Writeback of dirty folios (section 2 of writeback.md, `[N]`): which folios, in which order, and what is waited for. What
 * is written of each stands in `writeback-pass.ts`, submission and completion of ioends in `ioend-io.ts`.
 */
import { type Bytes, type Errno, type Steps, type Task, Y } from '../../model/contract/index.js';
import type { Folio } from '../cache/folio.js';
import { lockFolio, waitFolioWriteback } from '../cache/lock-folio.js';
import type { PageCache } from '../cache/page-cache.js';
import type { CachedInode } from './cached-inode.js';
import type { Context } from './platform.js';
import { WritebackPass } from './writeback-pass.js';

/**
 * Writes the dirty folios that touch [from, to): `integrity` those dirty now, all of them, waiting for earlier writeback of
 * each; else as background writeback does. Does not wait for the I/O. Returns the first error of submission.
 */
export function* writePages(
  context: Context,
  inode: CachedInode,
  from: Bytes,
  to: Bytes,
  integrity: boolean,
): Steps<Errno> {
  const { cache } = inode;
  const { task } = context;
  if (cache.dirtyCount === 0) return 0;
  if (integrity) chooseDirty(cache, from, to);
  const pass = new WritebackPass(context, inode);
  let first: Errno = 0;
  let cursor = from;
  while (cursor < to) {
    const folio = nextToWrite(cache, cursor, to, integrity);
    if (folio === null) break;
    cursor = folio.end;
    if (task.stopsAt(Y['Y-WB1'])) {
      cache.get(folio);
      yield Y['Y-WB1'];
      const present = folio.cache === cache;
      cache.put(folio);
      if (!present) continue;
    }
    // The quick way: nobody has the folio, and it is to be written.
    if (folio.writeback || !folio.dirty || !cache.tryLock(folio, task)) {
      if (!(yield* takeFolio(task, cache, folio, integrity))) continue;
    }
    // WB-02, PC-63: views are protected before the flag is cleared, so that each later store faults and dirties again.
    if (folio.writable) cache.setWritable(folio, false);
    cache.clearDirtyFlag(folio);
    folio.chosen = false;
    const written = pass.writeFolio(folio);
    const errno = typeof written === 'number' ? written : yield* written;
    if (errno !== 0 && first === 0) first = errno;
    cache.unlock(folio);
    if (task.stopsAt(Y['Y-WB4'])) yield Y['Y-WB4'];
    if (errno !== 0 && !integrity) break;
  }
  const finished = pass.finish(first);
  const errno = typeof finished === 'number' ? finished : yield* finished;
  return first !== 0 ? first : errno;
}

/** Integrity writeback handles what is dirty now, so that it ends even if others keep dirtying (INV-73). */
function chooseDirty(cache: PageCache, from: Bytes, to: Bytes): void {
  for (let place = cache.placeOf(from); place < cache.folios.length; place++) {
    const folio = cache.folios[place]!;
    if (folio.pos >= to) return;
    if (folio.dirty) folio.chosen = true;
  }
}

function nextToWrite(cache: PageCache, from: Bytes, to: Bytes, integrity: boolean): Folio | null {
  for (let place = cache.placeOf(from); place < cache.folios.length; place++) {
    const folio = cache.folios[place]!;
    if (folio.pos >= to) return null;
    if (integrity ? folio.chosen : folio.dirty) return folio;
  }
  return null;
}

/** Locks the folio and decides under the lock whether it is to be written now (section 2 step 2). */
function* takeFolio(task: Task, cache: PageCache, folio: Folio, integrity: boolean): Steps<boolean> {
  if (!cache.tryLock(folio, task) && !(yield* lockFolio(cache, folio, task, Y['Y-WB1']))) return false;
  if (folio.dirty && folio.writeback && integrity) yield* waitFolioWriteback(cache, folio, task, Y['Y-WB1']);
  if (folio.dirty && !folio.writeback) return true;
  if (!folio.dirty) folio.chosen = false;
  cache.unlock(folio);
  return false;
}
