import type { BlockTable, FileBlock } from '../../model/contract/index.js';
import type { PageCache } from './page-cache.js';

/** The first block at or behind `from` that a folio covers, or −1. */
export function nextCached(cache: PageCache, from: FileBlock): FileBlock {
  throw new Error(`not yet ${cache.file} ${from}`);
}

/** Fills the columns `cache` and `memoryAt` of [first, first + count). */
export function describeCached(cache: PageCache, first: FileBlock, count: number, table: BlockTable): void {
  throw new Error(`not yet ${cache.file} ${first} ${count} ${table.count}`);
}
