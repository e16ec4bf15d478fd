/**
 * WB-73: what writeback could not write, because its I/O failed or because it had no mapping, stays in the cache as it is:
 * what the device holds is older (WB-10).
 */
import { Ev } from '../../model/contract/index.js';
import { Code } from './engine/block-state.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { FileRanges } from './engine/file-ranges.js';

/** The reason `clean` gives when there was no mapping. */
const DISCARDED = 2;

export const wb73: CheckDefinition = {
  id: 'WB-73',
  checks: 'when all is quiet after a writeback failed, each block of its range that never left the cache is uptodate',
  exercised: 'a quiet look at a file after an ioend of it failed, or a folio of it had no mapping',
  silent: 'folios that left the cache meanwhile; that the blocks are clean is INV-22',
  hears: ['ioend-done', 'clean', 'folio-remove'],
  make(world) {
    const failed = new FileRanges();
    const check: PropertyCheck = {
      id: 'WB-73',
      exercised: 0,
      reset() {
        failed.clear();
      },
      event(kind, file, offset, length, c) {
        if (kind === Ev['folio-remove']) failed.of(file).remove(offset, offset + length);
        else if (kind === Ev.clean ? c === DISCARDED : c !== 0) failed.of(file).add(offset, offset + length);
        return null;
      },
      scanned(file) {
        const ranges = failed.of(file.id);
        if (ranges.count === 0 || !file.quiet) return null;
        check.exercised++;
        const { blockSize } = world.geometry;
        const { rows } = file;
        for (let row = 0; row < rows.count; row++) {
          const code = rows.code[row]!;
          if ((code & Code.present) === 0 || (code & Code.uptodate) !== 0) continue;
          const block = rows.block[row]!;
          if (!ranges.overlaps(block * blockSize, (block + 1) * blockSize)) continue;
          return world.finding(
            'WB-73',
            file.id,
            block * blockSize,
            blockSize,
            `block ${block} is not uptodate any more after its writeback failed`,
          );
        }
        ranges.clear();
        return null;
      },
    };
    return check;
  },
};
