/** Taking ranges out of the views of a file: what lies there can be stored to again only after a write fault. */
import type { Bytes } from '../../model/contract/index.js';
import type { PageCache } from './page-cache.js';

/** Write-protects the folios that touch [from, to). munmap of a lasting mapping is (0, Infinity). */
export function protectRange(cache: PageCache, from: Bytes, to: Bytes): void {
  for (let place = cache.placeOf(from); place < cache.folios.length; place++) {
    const folio = cache.folios[place]!;
    if (folio.pos >= to) break;
    if (folio.writable) cache.setWritable(folio, false);
  }
}
