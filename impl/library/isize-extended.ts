/**
 * Growing a file across bytes that nobody wrote (section 7 of pagecache.md): blocks of the old last folio that lay behind
 * the end had no space, so the next store there must fault, and what was scribbled behind the end must not surface.
 *
 * The kernel needs this only where blocks are smaller than pages, because its page tables protect single pages. Here a view
 * is writable by folio, so every folio that reaches behind the old end is protected.
 */
import { type Bytes, Ev, type Steps, Y } from '../../model/contract/index.js';
import { lockFolio } from '../cache/lock-folio.js';
import type { CachedInode } from './cached-inode.js';
import type { Context } from './platform.js';

/** Called with L1 held exclusive after the size was raised from `from` to at least `to` (PC-65). */
export function* isizeExtended(context: Context, inode: CachedInode, from: Bytes, to: Bytes): Steps<void> {
  const { cache } = inode;
  for (;;) {
    const folio = cache.find(from);
    if (folio === null || from >= to || from === folio.pos) return;
    if (!cache.tryLock(folio, context.task) && !(yield* lockFolio(cache, folio, context.task, Y['Y-BW5']))) continue;
    if (folio.writable) cache.setWritable(folio, false);
    const end = Math.min(to, folio.end);
    // Not only where the folio is dirty: here a store behind the end leaves it clean.
    const at = folio.at - folio.pos;
    cache.memory.bytes.fill(0, at + from, at + end);
    context.sink.emit(Ev['size-extended'], inode.id, from, end, 0);
    cache.unlock(folio);
    return;
  }
}
