/** mapping_seek_hole_data: where the cache of a range holds content, block by block (section 2 of dax-seek-report.md). */
import type { Bytes } from '../../model/contract/index.js';
import type { PageCache } from './page-cache.js';

/** The first byte of [from, to) that is cached and uptodate, or `to`. */
export function cachedData(cache: PageCache, from: Bytes, to: Bytes): Bytes {
  const { folios, blockSize } = cache;
  for (let place = cache.placeOf(from); place < folios.length; place++) {
    const folio = folios[place]!;
    if (folio.pos >= to) break;
    const start = Math.max(from, folio.pos);
    const block = folio.nextUptodate(Math.floor((start - folio.pos) / blockSize), folio.blocks);
    if (block < folio.blocks) return Math.min(to, Math.max(start, folio.pos + block * blockSize));
  }
  return to;
}

/** The first byte of [from, to) that is not cached or not uptodate, or `to`. */
export function cachedHole(cache: PageCache, from: Bytes, to: Bytes): Bytes {
  const { folios, blockSize } = cache;
  let at = from;
  for (let place = cache.placeOf(from); at < to; place++) {
    const folio = folios[place];
    if (folio === undefined || folio.pos > at) return at;
    const block = folio.nextNotUptodate(Math.floor((at - folio.pos) / blockSize), folio.blocks);
    if (block < folio.blocks) return Math.min(to, Math.max(at, folio.pos + block * blockSize));
    at = folio.end;
  }
  return to;
}
