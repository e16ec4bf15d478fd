/**
 * Splitting a large folio around one place, the way the kernel's non-uniform split does: the half that holds the place is
 * halved again until the piece there has the smallest size. The kernel's piece sizes are reproduced because a write fault
 * dirties a whole folio, so they show in the extents a file ends up with.
 */
import type { Bytes } from '../../model/contract/index.js';
import { Folio } from './folio.js';
import type { PageCache } from './page-cache.js';

/** False if the folio cannot be released: dirty with block state, under writeback, or referenced (PC-90, PC-92). */
export function splitFolio(cache: PageCache, folio: Folio, place: Bytes, smallest: Bytes): boolean {
  if (folio.writeback || folio.extraReferences > 0 || (folio.dirty && folio.hasBlockState)) return false;
  // PC-94: block state goes away, and with it U bits of a folio that was not uptodate as a whole.
  folio.dropBlockState(cache.memory);
  let { pos, size, at } = folio;
  const later: Folio[] = [];
  while (size > smallest) {
    size /= 2;
    if (place < pos + size) later.push(pieceOf(cache, folio, pos + size, size, at + size));
    else {
      later.push(pieceOf(cache, folio, pos, size, at));
      pos += size;
      at += size;
    }
  }
  resize(cache, folio, pos, size, at);
  for (const piece of later) cache.insert(piece);
  if (folio.dirty) cache.dirtyCount += later.length;
  return true;
}

function pieceOf(cache: PageCache, whole: Folio, pos: Bytes, size: Bytes, at: number): Folio {
  const piece = new Folio(cache, whole.file, pos, size, at, cache.blockSize);
  piece.uptodate = whole.uptodate;
  piece.dirty = whole.dirty;
  piece.chosen = whole.chosen;
  return piece;
}

/** The locked folio itself becomes the piece at the place. */
function resize(cache: PageCache, folio: Folio, pos: Bytes, size: Bytes, at: number): void {
  folio.pos = pos;
  folio.size = size;
  folio.at = at;
  folio.blocks = size <= cache.blockSize ? 1 : size / cache.blockSize;
  folio.writable = false;
  cache.touch(folio);
}
