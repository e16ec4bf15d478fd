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

/** Fills the columns `cache` and `memoryAt` of [first, first + count): nothing and −1 where no folio is. */
export function describeCached(cache: PageCache, first: FileBlock, count: number, table: BlockTable): void {
  const { folios, blockSize } = cache;
  const { cache: bitsOf, memoryAt } = table;
  let row = 0;
  for (let place = cache.placeOf(first * blockSize); place < folios.length && row < count; place++) {
    const folio = folios[place]!;
    const base = folio.pos / blockSize - first;
    row = clear(bitsOf, memoryAt, row, Math.min(count, base));
    const to = Math.min(count, base + folio.blocks);
    // What holds for all blocks is asked once.
    const { hasBlockState, uptodateBits, dirtyBits } = folio;
    let common = folioBits(folio);
    if (folio.uptodate) common |= Cached.uptodate;
    if (!hasBlockState && folio.isBlockDirty(0)) common |= Cached.dirty;
    for (; row < to; row++) {
      let bits = common;
      if (hasBlockState) {
        if (testBit(uptodateBits, row - base)) bits |= Cached.uptodate;
        if (testBit(dirtyBits, row - base)) bits |= Cached.dirty;
      }
      bitsOf[row] = bits;
      memoryAt[row] = folio.at + (row - base) * blockSize;
    }
  }
  clear(bitsOf, memoryAt, row, count);
}

/** Rows [from, to) are not cached; returns where they end. A loop: mostly they are few, and a `fill` each costs more. */
function clear(bitsOf: Uint16Array, memoryAt: Float64Array, from: number, to: number): number {
  let row = from;
  for (; row < to; row++) {
    bitsOf[row] = 0;
    memoryAt[row] = -1;
  }
  return row;
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
