/**
 * Which blocks of a range have something in the cache that zeroing must reach though the map yields zeroes: block by
 * block, so that zeroing dirties no block that was clean and unwritten (PC-70: no allocation where nothing was stored).
 */
import type { FileBlock } from '../../../model/contract/index.js';
import type { XfsInode } from '../inode.js';

/** The first block of [from, end) that is dirty in the cache, or `end`. */
export function nextDirty(inode: XfsInode, from: FileBlock, end: FileBlock): FileBlock {
  const { cache, fs } = inode;
  for (let place = cache.placeOf(from * fs.blockSize); place < cache.folios.length; place++) {
    const folio = cache.folios[place]!;
    const base = folio.pos / fs.blockSize;
    if (base >= end) break;
    const last = Math.min(folio.blocks, end - base);
    const dirty = folio.nextDirty(Math.max(0, from - base), last);
    if (dirty < last) return base + dirty;
  }
  return end;
}

/** The first block of [from, end) that is not dirty in the cache, or `end`. */
export function dirtyEnd(inode: XfsInode, from: FileBlock, end: FileBlock): FileBlock {
  const { cache, fs } = inode;
  let at = from;
  while (at < end) {
    const folio = cache.find(at * fs.blockSize);
    if (folio === null) return at;
    const base = folio.pos / fs.blockSize;
    const clean = folio.nextClean(at - base, folio.blocks);
    at = base + clean;
    if (clean < folio.blocks) break;
  }
  return Math.min(at, end);
}

/** A folio that touches [from, end) is under writeback: what of it is in flight shows only when that is over. */
export function inWriteback(inode: XfsInode, from: FileBlock, end: FileBlock): boolean {
  const { cache, fs } = inode;
  if (cache.writebackCount === 0) return false;
  for (let place = cache.placeOf(from * fs.blockSize); place < cache.folios.length; place++) {
    const folio = cache.folios[place]!;
    if (folio.pos >= end * fs.blockSize) break;
    if (folio.writeback) return true;
  }
  return false;
}
