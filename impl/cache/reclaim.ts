/**
 * What memory management does to folios behind everybody's back: reclaim drops clean ones, migration moves them. Both are
 * always legal and must never be noticed (PC-94, PC-95, INV-29). Neither waits: what is in use is left alone.
 */
import type { Bytes } from '../../model/contract/index.js';
import type { Folio } from './folio.js';
import type { PageCache } from './page-cache.js';

function idle(folio: Folio): boolean {
  return folio.lockOwner === null && !folio.writeback && folio.extraReferences === 0;
}

/** Drops the clean folios that touch [from, to): reclaim, and dropping caches. */
export function reclaimRange(cache: PageCache, from: Bytes, to: Bytes): void {
  for (let place = cache.placeOf(from); place < cache.folios.length; ) {
    const folio = cache.folios[place]!;
    if (folio.pos >= to) break;
    if (folio.dirty || !idle(folio)) place++;
    else {
      folio.dropBlockState(cache.memory);
      cache.remove(folio);
    }
  }
}

/** Moves the folios that touch [from, to) to other memory. */
export function migrateRange(cache: PageCache, from: Bytes, to: Bytes): void {
  const { memory } = cache;
  for (let place = cache.placeOf(from); place < cache.folios.length; place++) {
    const folio = cache.folios[place]!;
    if (folio.pos >= to) break;
    if (!idle(folio)) continue;
    const at = memory.allocate(folio.size);
    memory.bytes.copyWithin(at, folio.at, folio.at + folio.size);
    memory.free(folio.at, folio.size);
    folio.at = at;
    cache.touch(folio);
  }
}
