/**
 * INV-25 no undefined byte published: what a fresh folio's memory held before anything was put there is in no uptodate
 * block and in no device write (PC-07, PC-20, H-1). Below the end a differing byte is INV-26's to find; here it is told
 * apart as poison. Reads are judged by the reference model.
 */
import { type Bytes, type Finding, MEMORY_POISON } from '../../model/contract/index.js';
import { Code } from './engine/block-state.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import type { FileTrack } from './engine/file-track.js';

export const inv25: CheckDefinition = {
  id: 'INV-25',
  checks:
    'no uptodate block whose bytes may have changed, and no data write to the device, holds the poison of fresh folios',
  exercised: 'a look at uptodate blocks whose bytes may have changed, or a data write',
  silent: 'locked folios; sequences that write recorded fills, in which the byte may be content',
  hears: ['bio-write'],
  make(world) {
    const row = (file: FileTrack, at: number): Finding | null => {
      const { blockSize } = world.geometry;
      const poison = firstPoison(file.view.memory, file.rows.memoryAt[at]!, blockSize);
      if (poison < 0) return null;
      const block = file.rows.block[at]!;
      const offset = block * blockSize + (poison - file.rows.memoryAt[at]!);
      if (offset < file.isize && world.truth.differs(file.id, offset, 1, file.view.memory, poison) < 0) return null;
      return world.finding(
        'INV-25',
        file.id,
        offset,
        1,
        `block ${block} is uptodate, but its byte ${offset} is memory that nothing was ever put into (PC-07)`,
      );
    };
    const check: PropertyCheck = {
      id: 'INV-25',
      exercised: 0,
      scanned(file) {
        if (!world.poisonIsForeign || file.cacheSuspects.count === 0) return null;
        const { rows, cacheSuspects } = file;
        const { blockSize } = world.geometry;
        check.exercised++;
        for (let i = 0; i < cacheSuspects.count; i++) {
          const to = cacheSuspects.to(i);
          for (let at = rows.seek(Math.floor(cacheSuspects.from(i) / blockSize)); at < rows.count; at++) {
            if (rows.block[at]! * blockSize >= to) break;
            if ((rows.code[at]! & (Code.uptodate | Code.locked)) !== Code.uptodate) continue;
            const found = row(file, at);
            if (found !== null) return found;
          }
        }
        return null;
      },
      event(_kind, file, addr: Bytes, length: Bytes, offset: Bytes) {
        const bio = world.device?.inFlight[world.device.inFlight.length - 1];
        if (file < 0 || bio === undefined || bio.addr !== addr || !world.poisonIsForeign) return null;
        check.exercised++;
        const poison = firstPoison(bio.memory, bio.at, length);
        if (poison < 0) return null;
        const at = offset + (poison - bio.at);
        return world.finding(
          'INV-25',
          file,
          at,
          1,
          `a device write carries byte ${at}, which is memory that nothing was ever put into (PC-07)`,
        );
      },
    };
    return check;
  },
};

/** Ranges at least this long are searched by memchr: making the view it needs costs as much as looking at so many bytes. */
const LONG = 256;

/** The first index in [at, at + length) that holds the poison, or −1. */
function firstPoison(memory: Uint8Array, at: number, length: Bytes): number {
  if (length >= LONG) {
    const found = Buffer.from(memory.buffer, memory.byteOffset + at, length).indexOf(MEMORY_POISON);
    return found < 0 ? -1 : at + found;
  }
  for (let i = at; i < at + length; i++) if (memory[i] === MEMORY_POISON) return i;
  return -1;
}
