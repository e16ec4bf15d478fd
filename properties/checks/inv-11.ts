/** INV-11 reservation census: what is reserved is what delayed blocks and their index need (filesystems.md section 1). */
import type { Finding } from '../../model/contract/index.js';
import { CowFork, Fork } from '../../model/contract/index.js';
import { blockCode, Code } from './engine/block-state.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { COW_FORK, DATA_FORK, type FileTrack } from './engine/file-track.js';
import type { Rows } from './engine/rows.js';

const COW_DELAY = blockCode(0, 0, CowFork.delay, 0, 0);

export const inv11: CheckDefinition = {
  id: 'INV-11',
  checks:
    'reserved blocks are the delayed blocks of all files with their index reservations, and each file counts its delayed blocks right',
  exercised: 'a quiescent instant',
  silent: 'while anything runs: an open transaction may hold blocks of its own (INV-10)',
  make(world) {
    const census = (): Finding | null => {
      const { view } = world;
      let needed = 0;
      for (const id of view.files) {
        const file = view.file(id);
        needed += file.delayedBlocks + file.indexReservation;
      }
      const { reserved } = view.space();
      if (reserved === needed) return null;
      return world.finding(
        'INV-11',
        0,
        -1,
        -1,
        `${reserved} blocks are reserved, but delayed blocks and their index need ${needed}`,
      );
    };
    /** Delayed blocks of each file as of the last look, carried on by what changes; NaN: not known. */
    const delayed: number[] = [];
    const carry = (file: FileTrack): number => {
      let sum = delayed[file.id] ?? Number.NaN;
      if (!file.known || Number.isNaN(sum)) {
        sum = 0;
        for (let row = 0; row < file.rows.count; row++) sum += delayedIn(file.rows, row);
      } else if ((file.changed & (DATA_FORK | COW_FORK)) !== 0)
        for (let i = 0; i < file.changes; i++) {
          const from = file.changedFrom[i]!;
          const to = file.changedTo[i]!;
          if (from >= 0) sum -= delayedIn(file.previous, from);
          if (to >= 0) sum += delayedIn(file.rows, to);
        }
      delayed[file.id] = sum;
      return sum;
    };
    const count = (file: FileTrack): Finding | null => {
      const exist = carry(file);
      if (file.changes === 0 || exist === file.view.delayedBlocks) return null;
      return world.finding(
        'INV-11',
        file.id,
        -1,
        -1,
        `${file.view.delayedBlocks} delayed blocks are accounted for, ${exist} exist`,
      );
    };
    const check: PropertyCheck = {
      id: 'INV-11',
      exercised: 0,
      scanned: count,
      quiescent() {
        check.exercised++;
        return census();
      },
    };
    return check;
  },
};

/** Of the data and the copy-on-write fork of one block. */
function delayedIn(rows: Rows, row: number): number {
  const code = rows.code[row]!;
  return Number((code & Code.data) === Fork.delay) + Number((code & Code.cow) === COW_DELAY);
}
