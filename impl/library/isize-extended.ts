/**
 * Growing a file across bytes that nobody wrote (section 7 of pagecache.md): blocks of the old last folio that lay behind
 * the end had no space, so the next store there must fault, and what was scribbled behind the end must not surface.
 *
 * The kernel needs this only where blocks are smaller than pages, because its page tables protect single pages. Here a view
 * is writable by folio, so every folio that reaches behind the old end is protected.
 */
import { type Bytes, Ev, type Steps, Y } from '../../model/contract/index.js';
import type { Folio } from '../cache/folio.js';
import { lockFolio } from '../cache/lock-folio.js';
import { protectRange } from '../cache/views.js';
import type { CachedInode } from './cached-inode.js';
import type { Context } from './platform.js';

/** Called with L1 held exclusive after the size was raised from `from` to at least `to` (PC-65). Steps if it has to wait. */
export function isizeExtended(context: Context, inode: CachedInode, from: Bytes, to: Bytes): Steps<void> | null {
  const { cache } = inode;
  const folio = from < to ? cache.find(from) : null;
  if (folio === null || from === folio.pos) return null;
  if (!cache.tryLock(folio, context.task)) return waitThenExtend(context, inode, folio, from, to);
  extend(context, inode, folio, from, to);
  return null;
}

function* waitThenExtend(context: Context, inode: CachedInode, folio: Folio, from: Bytes, to: Bytes): Steps<void> {
  if (yield* lockFolio(inode.cache, folio, context.task, Y['Y-BW5'])) {
    extend(context, inode, folio, from, to);
    return;
  }
  const again = isizeExtended(context, inode, from, to);
  if (again !== null) yield* again;
}

/** The locked folio that holds the old end is protected and zeroed behind it. */
function extend(context: Context, inode: CachedInode, folio: Folio, from: Bytes, to: Bytes): void {
  const { cache } = inode;
  if (folio.writable) cache.setWritable(folio, false);
  const end = Math.min(to, folio.end);
  // Not only where the folio is dirty: here a store behind the end leaves it clean.
  const at = folio.at - folio.pos;
  cache.memory.bytes.fill(0, at + from, at + end);
  context.sink.emit(Ev['size-extended'], inode.id, from, end, 0);
  cache.unlock(folio);
}

/**
 * A direct write raises the size, long after it zeroed what lay behind the end: a view that has become able to store there
 * since has space below the old end only, so its next store must fault too. A fault in progress looks at the size again
 * (`writeFault`), so there is nothing to wait for.
 */
export function raiseIsize(inode: CachedInode, to: Bytes): void {
  const { cache, isize } = inode;
  if (to <= isize) return;
  inode.setSize(to);
  protectRange(cache, isize, isize + 1);
}
