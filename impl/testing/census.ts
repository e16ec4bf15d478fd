/**
 * Accounting that must hold whenever nothing runs: every block has as many references as forks refer to it, reservations
 * are exactly what delayed extents need, and dirty blocks have somewhere to go (INV-10 … INV-14, INV-20 … INV-22).
 * Returns what is wrong as a sentence, or null.
 */
import { BlockTable, Cached, CowFork, Fork, type View } from '../../model/contract/index.js';

const CHUNK = 256;

export function census(view: View, blockSize: number): string | null {
  const space = view.space();
  if (space.free + space.reserved + space.allocated !== space.total)
    return 'free, reserved and allocated are not the total';
  if (space.free < 0 || space.reserved < 0) return `free ${space.free}, reserved ${space.reserved}`;
  const counts = new Map<number, number>();
  let reserved = 0;
  const table = new BlockTable();
  for (const id of view.files) {
    const file = view.file(id);
    reserved += file.delayedBlocks + file.indexReservation;
    const last = Math.ceil(file.isize / blockSize);
    let delayed = 0;
    for (let at = file.next(0); at >= 0; at = file.next(at + CHUNK)) {
      file.describe(at, CHUNK, table);
      for (let i = 0; i < CHUNK; i++) {
        const where = `file ${id} block ${at + i}`;
        const state = table.data[i]!;
        const cow = table.cow[i]!;
        if (state === Fork.delay) delayed++;
        if (cow === CowFork.delay) delayed++;
        for (const block of [table.dataBlock[i]!, table.cowBlock[i]!])
          if (block >= 0) counts.set(block, (counts.get(block) ?? 0) + 1);
        if (state >= Fork.unwritten !== table.dataBlock[i]! >= 0) return `${where}: state ${state} without its block`;
        const cached = table.cache[i]!;
        const dirty = (cached & Cached.dirty) !== 0;
        if (dirty && (cached & Cached.uptodate) === 0) return `${where}: dirty and not uptodate`;
        if (dirty && (cached & Cached.folioDirty) === 0) return `${where}: dirty in a clean folio`;
        if (state === Fork.delay && !dirty && at + i < last && cow === CowFork.none)
          return `${where}: delayed but not dirty`;
      }
    }
    if (delayed !== file.delayedBlocks) return `file ${id}: ${delayed} delayed blocks, ${file.delayedBlocks} counted`;
  }
  if (reserved !== space.reserved) return `${space.reserved} blocks reserved, ${reserved} needed`;
  for (let block = 0; block < space.total; block++)
    if (space.references(block) !== (counts.get(block) ?? 0))
      return `block ${block}: ${space.references(block)} references counted, ${counts.get(block) ?? 0} found`;
  if (space.allocated !== counts.size) return `${space.allocated} blocks allocated, ${counts.size} found`;
  return null;
}
