/**
 * WB-73: what writeback could not write, because its I/O failed or because it had no mapping, stays in the cache as it is:
 * what the device holds is older (WB-10).
 */
import { type Bytes, Ev, type FileId } from '../../model/contract/index.js';
import { Code } from './engine/block-state.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

/** The reason `clean` gives when there was no mapping. */
const DISCARDED = 2;

/** A folio when its writeback failed, and the part of it that did. */
interface Failed {
  readonly file: FileId;
  readonly pos: Bytes;
  readonly size: Bytes;
  readonly from: Bytes;
  readonly to: Bytes;
}

export const wb73: CheckDefinition = {
  id: 'WB-73',
  checks: 'when all is quiet after a writeback failed, each block of its range that never left the cache is uptodate',
  exercised: 'a quiet look at a file after an ioend of it failed, or a folio of it had no mapping',
  silent: 'folios that left the cache meanwhile, or were split (PC-94); that the blocks are clean is INV-22',
  hears: ['ioend-done', 'clean', 'folio-remove'],
  make(world) {
    let failed: Failed[] = [];
    const check: PropertyCheck = {
      id: 'WB-73',
      exercised: 0,
      reset() {
        failed = [];
      },
      event(kind, file, offset, length, c) {
        const end = offset + length;
        if (kind === Ev['folio-remove']) {
          if (failed.length > 0) failed = failed.filter(it => it.file !== file || it.from >= end || it.to <= offset);
          return null;
        }
        if (kind === Ev.clean ? c !== DISCARDED : c === 0) return null;
        for (const { pos, size } of world.view.file(file).folios)
          if (pos < end && pos + size > offset)
            failed.push({ file, pos, size, from: Math.max(pos, offset), to: Math.min(pos + size, end) });
        return null;
      },
      scanned(file) {
        if (failed.length === 0 || !file.quiet) return null;
        const mine = failed.filter(it => it.file === file.id);
        if (mine.length === 0) return null;
        failed = failed.filter(it => it.file !== file.id);
        check.exercised++;
        const { blockSize } = world.geometry;
        const { rows } = file;
        for (const { pos, size, from, to } of mine) {
          if (!file.view.folios.some(folio => folio.pos === pos && folio.size === size)) continue;
          for (let row = rows.seek(Math.floor(from / blockSize)); row < rows.count; row++) {
            const start = rows.block[row]! * blockSize;
            if (start >= to) break;
            const state = rows.code[row]! & (Code.present | Code.uptodate);
            if (state !== Code.present) continue;
            const message = `block ${rows.block[row]!} is not uptodate any more after its writeback failed`;
            return world.finding('WB-73', file.id, start, blockSize, message);
          }
        }
        return null;
      },
    };
    return check;
  },
};
