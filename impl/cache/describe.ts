/** The cache's part of a file's view: which blocks are cached, in what state, and where their bytes are. */
import { type BlockTable, Cached, type FileBlock } from '../../model/contract/index.js';
import { testBit } from './bits.js';
import type { Folio } from './folio.js';
import type { PageCache } from './page-cache.js';

/** The first block at or behind `from` that a folio covers, or −1. */
export function nextCached(cache: PageCache, from: FileBlock): FileBlock {
  const block = cache.blockSize;
  const folio = cache.folios[cache.placeOf(from * block)];
  return folio === undefined ? -1 : Math.max(from, folio.pos / block);
}

/** Fills the columns `cache` and `memoryAt` of [first, first + count) where folios are; the rest is left alone. */
export function describeCached(cache: PageCache, first: FileBlock, count: number, table: BlockTable): void {
  const block = cache.blockSize;
  const { cache: bitsOf, memoryAt } = table;
  const end = first + count;
  for (let place = cache.placeOf(first * block); place < cache.folios.length; place++) {
    const folio = cache.folios[place]!;
    const base = folio.pos / block;
    if (base >= end) break;
    const from = Math.max(first, base);
    const to = Math.min(end, base + folio.blocks);
    let common = folioBits(folio);
    // What holds for all blocks is asked once.
    const { hasBlockState, uptodateBits, dirtyBits } = folio;
    if (folio.uptodate) common |= Cached.uptodate;
    if (!hasBlockState && folio.isBlockDirty(0)) common |= Cached.dirty;
    for (let i = from; i < to; i++) {
      let bits = common;
      if (hasBlockState) {
        if (testBit(uptodateBits, i - base)) bits |= Cached.uptodate;
        if (testBit(dirtyBits, i - base)) bits |= Cached.dirty;
      }
      bitsOf[i - first] = bits;
      memoryAt[i - first] = folio.at + (i - base) * block;
    }
  }
}

function folioBits(folio: Folio): number {
  let bits: number = Cached.present;
  if (folio.uptodate) bits |= Cached.folioUptodate;
  if (folio.dirty) bits |= Cached.folioDirty;
  if (folio.lockOwner !== null) bits |= Cached.locked;
  if (folio.writeback) bits |= Cached.writeback;
  if (folio.hasBlockState) bits |= Cached.blockState;
  if (folio.writable) bits |= Cached.writable;
  return bits;
}
