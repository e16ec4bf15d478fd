/** INV-07 cookie: a fork that changed has a new freshness counter, and counters only grow (MAP-50, MAP-51, LK-20). */
import { Code, cowOf } from './engine/block-state.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import type { FileTrack } from './engine/file-track.js';

export const inv07: CheckDefinition = {
  id: 'INV-07',
  checks:
    'a data or copy-on-write fork that differs from the last look has another cookie, and no cookie is smaller than before',
  exercised: 'a look at a file whose map changed since the last look',
  silent: 'the sharing of a block changes with its other owners; a remounted or removed inode starts anew',
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-07',
      exercised: 0,
      scanned(file) {
        if (!file.known || !file.complete) return null;
        if (file.cookie < file.lastCookie || file.cowCookie < file.lastCowCookie)
          return world.finding(
            'INV-07',
            file.id,
            -1,
            -1,
            `cookies went back from ${file.lastCookie}, ${file.lastCowCookie} to ${file.cookie}, ${file.cowCookie}`,
          );
        let changed = false;
        for (let i = 0; i < file.changes; i++) {
          const fork = changedForks(file, i);
          if (fork === 0) continue;
          changed = true;
          const stale = (fork & 1) !== 0 ? file.cookie === file.lastCookie : file.cowCookie === file.lastCowCookie;
          if (!stale) continue;
          const { blockSize } = world.geometry;
          const block = file.changedBlock(i);
          const name =
            (fork & 1) !== 0
              ? `data fork changed under cookie ${file.cookie}`
              : `copy-on-write fork changed under cookie ${file.cowCookie}`;
          return world.finding(
            'INV-07',
            file.id,
            block * blockSize,
            blockSize,
            `block ${block} of the ${name} (MAP-51)`,
          );
        }
        if (changed) check.exercised++;
        return null;
      },
    };
    return check;
  },
};

/** Bit 0: the data fork of the changed block differs; bit 1: the copy-on-write fork does. */
function changedForks(file: FileTrack, change: number): number {
  const from = file.changedFrom[change]!;
  const to = file.changedTo[change]!;
  const before = from >= 0 ? file.previous.code[from]! : 0;
  const now = to >= 0 ? file.rows.code[to]! : 0;
  let forks = 0;
  if ((before & Code.data) !== (now & Code.data)) forks |= 1;
  else if (placeAt(from, file.previous.dataBlock) !== placeAt(to, file.rows.dataBlock)) forks |= 1;
  if (cowOf(before) !== cowOf(now)) forks |= 2;
  else if (placeAt(from, file.previous.cowBlock) !== placeAt(to, file.rows.cowBlock)) forks |= 2;
  return forks;
}

function placeAt(row: number, column: Float64Array): number {
  return row >= 0 ? column[row]! : -1;
}
