/**
 * Growing a file across bytes that nobody wrote (section 7 of pagecache.md): blocks of the old last folio that lay behind
 * the end had no space, so the next store there must fault, and what was scribbled behind the end must not surface.
 *
 * The kernel needs this only where blocks are smaller than pages, because its page tables protect single pages. Here a view
 * is writable by folio, so every folio that reaches behind the old end is protected.
 */
import { type Bytes, Ev } from '../../model/contract/index.js';
import { protectRange } from '../cache/views.js';
import type { CachedInode } from './cached-inode.js';

/**
 * PC-65: the folio that holds the old end is protected, and zeroed from `from` to at most `to`. Called with L1 held
 * exclusive, in one step with raising the size. The reference raises it first and erases a store that comes between;
 * as clean folios are zeroed here too, the device might then keep what the cache has lost. The folio's lock is not needed:
 * a fault in progress looks at the size again (`writeFault`), a read brings zeroes, and writeback has zeroed behind the end
 * itself (WB-11).
 */
export function isizeExtended(inode: CachedInode, from: Bytes, to: Bytes): void {
  const { cache } = inode;
  const folio = from < to ? cache.find(from) : null;
  if (folio === null || from === folio.pos) return;
  if (folio.writable) cache.setWritable(folio, false);
  const end = Math.min(to, folio.end);
  // Not only where the folio is dirty: here a store behind the end leaves it clean.
  const at = folio.at - folio.pos;
  cache.memory.bytes.fill(0, at + from, at + end);
  inode.platform.sink.emit(Ev['size-extended'], inode.id, from, end, 0);
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
