/** INV-17 exact punch: end gives back exactly the blocks that are not kept, each once, and nothing else (MAP-44, PC-50, PC-51). */
import { type Bytes, Ev, type FileId, type Finding, Fork, IterStep, MapFlag } from '../../model/contract/index.js';
import { cleanupFrom, cleanupTo, isBeingCopied, isKept, owesCleanup } from './engine/cleanup-duty.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import type { IterationTrack } from './engine/iterations.js';

export const inv17: CheckDefinition = {
  id: 'INV-17',
  checks:
    'the pieces that one end gives back are inside the unused part, disjoint, in the right fork, hold no kept block, and leave none out',
  exercised: 'a piece given back by an end',
  silent:
    'a block that writeback converted during the scan, or is writing out of place, need not be given back any more (PC-53, FS-X5)',
  steps: [IterStep.ended],
  hears: ['punch-scope', 'punch'],
  make(world) {
    const endingOn = (file: FileId): IterationTrack | null =>
      world.iterations.active.find(track => track.ending && track.file === file) ?? null;
    const blame = (track: IterationTrack, offset: Bytes, length: Bytes, fault: string): Finding =>
      world.finding(
        'INV-17',
        track.file,
        offset,
        length,
        `end of [${track.start}, ${track.start + track.effective}) with ${track.written} done ${fault}`,
      );
    const piece = (track: IterationTrack, offset: Bytes, length: Bytes, cow: number): Finding | null => {
      const { blockSize } = world.geometry;
      const end = offset + length;
      const what = `gives back [${offset}, ${end})`;
      if (!owesCleanup(track))
        return blame(track, offset, length, `${what}, but nothing of it is its own to give back (MAP-45)`);
      const from = cleanupFrom(track, blockSize);
      const to = cleanupTo(track, blockSize);
      if (offset < from || end > to)
        return blame(track, offset, length, `${what}, which is not inside [${from}, ${to}) (MAP-44)`);
      if (track.punched.overlaps(offset, end)) return blame(track, offset, length, `${what} twice`);
      if ((cow !== 0) !== ((track.iomap.flags & MapFlag.SHARED) !== 0))
        return blame(track, offset, length, `${what} in the wrong fork (MAP-46)`);
      const first = Math.floor(offset / blockSize);
      const last = Math.ceil(end / blockSize);
      const { isize } = world.view.file(track.file);
      const table = world.peek(track.file, first, last - first);
      for (let i = 0; i < last - first; i++) {
        if (isKept(table.cache[i]!, (first + i) * blockSize, isize))
          return blame(
            track,
            (first + i) * blockSize,
            blockSize,
            `${what}, though block ${first + i} is dirty (PC-50)`,
          );
      }
      track.punched.add(offset, end);
      return null;
    };
    const rest = (track: IterationTrack): Finding | null => {
      const { blockSize } = world.geometry;
      const first = cleanupFrom(track, blockSize) / blockSize;
      const count = cleanupTo(track, blockSize) / blockSize - first;
      if (count <= 0 || (track.iomap.flags & MapFlag.SHARED) !== 0) return null;
      const { isize } = world.view.file(track.file);
      const table = world.peek(track.file, first, count);
      for (let i = 0; i < count; i++) {
        const start = (first + i) * blockSize;
        if (table.data[i] !== Fork.delay || isKept(table.cache[i]!, start, isize) || isBeingCopied(table, i)) continue;
        if (!track.punched.covers(start, start + blockSize))
          return blame(track, start, blockSize, `does not give back block ${first + i}, which is not kept (PC-50)`);
      }
      return null;
    };
    const check: PropertyCheck = {
      id: 'INV-17',
      exercised: 0,
      event(kind, file, a, b, c) {
        const track = endingOn(file);
        if (track === null) return null;
        check.exercised++;
        if (kind === Ev.punch) return piece(track, a, b, c);
        const { blockSize } = world.geometry;
        if (a === cleanupFrom(track, blockSize) && b === cleanupTo(track, blockSize)) return null;
        return blame(track, a, b - a, `gives back in [${a}, ${b}) (MAP-44)`);
      },
      iteration(_step, record) {
        const track = world.iterations.at;
        return record.error === 0 && owesCleanup(track) ? rest(track) : null;
      },
    };
    return check;
  },
};
