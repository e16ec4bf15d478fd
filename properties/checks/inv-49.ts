/** INV-49 contained failure: after failed writeback nothing of the range is left in between (WB-10, WB-54, FS-X3, FS-X4). */
import { CowFork, Ev, type FileId, roundDown, roundUp } from '../../model/contract/index.js';
import { Code, cowOf } from './engine/block-state.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { FileRanges } from './engine/file-ranges.js';

export const inv49: CheckDefinition = {
  id: 'INV-49',
  checks:
    'when all is quiet after an ioend failed, no block of its range is under writeback or has a busy copy-on-write block',
  exercised: 'a quiet look at a file after an ioend of it failed',
  silent:
    'copy-on-write blocks of failed direct writes wait for cancellation (DIO-42), and those that a direct write beside the writeback, or a later one, has as well are its own (INV-41); delayed blocks are INV-13',
  hears: ['ioend-submit', 'ioend-done', 'dio-begin'],
  make(world) {
    const failed = new FileRanges();
    /**
     * What direct writes have had since the writeback of the place began. Their copies came after it, and stay where the
     * request failed, though it may be over when the writeback fails (DIO-42).
     */
    const copied = new FileRanges();
    const noteDirectWrites = (file: FileId): void => {
      const { blockSize } = world.geometry;
      const writes = (at: number): boolean =>
        world.calls.open.some(({ call }) => call.name === 'dwrite' && call.file === file && call.offset === at);
      for (const request of world.requests.open)
        if (request.file === file && writes(request.offset))
          copied.of(file).add(roundDown(request.offset, blockSize), roundUp(request.end, blockSize));
    };
    const check: PropertyCheck = {
      id: 'INV-49',
      exercised: 0,
      reset() {
        failed.clear();
        copied.clear();
      },
      event(kind, file, offset, length, status) {
        if (kind === Ev['ioend-submit']) copied.of(file).remove(offset, offset + length);
        noteDirectWrites(file);
        if (kind === Ev['ioend-done'] && status !== 0) failed.of(file).add(offset, offset + length);
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
          const inFlight = (code & Code.writeback) !== 0;
          if (!inFlight && cowOf(code) !== CowFork.busy) continue;
          const block = rows.block[row]!;
          const at = block * blockSize;
          if (!ranges.overlaps(at, at + blockSize)) continue;
          if (!inFlight && copied.of(file.id).overlaps(at, at + blockSize)) continue;
          const left = inFlight ? 'is still under writeback' : 'still has a busy copy-on-write block';
          return world.finding('INV-49', file.id, at, blockSize, `block ${block} ${left} after its writeback failed`);
        }
        ranges.clear();
        return null;
      },
    };
    return check;
  },
};
