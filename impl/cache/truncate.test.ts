import test from 'ava';
import { fillData } from '../../model/contract/index.js';
import { Bench } from '../library/testing/scripted.js';
import type { PageCache } from './page-cache.js';
import { truncateRange } from './truncate.js';

/** A cache with one clean, uptodate folio of four pages of 64 bytes at 256. */
function oneLargeFolio(bench: Bench, dirty: boolean, blockState: boolean): PageCache {
  const { cache } = bench.inode;
  const folio = cache.add(256, 256, bench.task);
  fillData(3, 256, cache.memory.bytes, folio.at, 256);
  cache.markUptodate(folio, 256, 512, false);
  if (blockState) folio.addBlockState(cache.memory);
  if (dirty) cache.markDirty(folio, 256, 512, false);
  cache.unlock(folio);
  return cache;
}

function sizes(cache: PageCache): string[] {
  return cache.folios.map(folio => `${folio.pos}+${folio.size}`);
}

test('truncating inside a clean large folio splits it around the edge', t => {
  const bench = new Bench();
  const cache = oneLargeFolio(bench, false, false);
  bench.run(truncateRange(cache, bench.task, 330, Number.POSITIVE_INFINITY));
  t.deepEqual(sizes(cache), ['256+64', '320+64']);
  const last = cache.find(320)!;
  t.is(cache.memory.bytes[last.at + 9]! === 0, false);
  t.is(cache.memory.bytes[last.at + 10], 0);
});

test('punching the middle of a clean large folio leaves what the kernel leaves', t => {
  const bench = new Bench();
  const cache = oneLargeFolio(bench, false, false);
  bench.run(truncateRange(cache, bench.task, 330, 390));
  t.deepEqual(sizes(cache), ['256+64', '320+64', '384+64', '448+64']);
});

test('a dirty folio with block state is not split, and its punched blocks are clean', t => {
  const bench = new Bench();
  const cache = oneLargeFolio(bench, true, true);
  bench.run(truncateRange(cache, bench.task, 330, 390));
  t.deepEqual(sizes(cache), ['256+256']);
  const folio = cache.find(256)!;
  t.deepEqual(
    Array.from({ length: 16 }, (_, block) => Number(folio.isBlockDirty(block))),
    [1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1],
  );
});

test('a clean large folio that somebody refers to is dropped whole instead of split', t => {
  const bench = new Bench();
  const cache = oneLargeFolio(bench, false, false);
  const folio = cache.find(256)!;
  cache.get(folio);
  bench.run(truncateRange(cache, bench.task, 330, 390));
  t.deepEqual(sizes(cache), []);
  cache.put(folio);
});

test('whole folios in the range leave the cache, dirty or not', t => {
  const bench = new Bench();
  const cache = oneLargeFolio(bench, true, true);
  bench.run(truncateRange(cache, bench.task, 256, 512));
  t.deepEqual(sizes(cache), []);
  t.is(cache.dirtyCount, 0);
});
