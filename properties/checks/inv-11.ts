/** INV-11 reservation census: what is reserved is what delayed blocks and their index need (filesystems.md section 1). */
import type { Finding } from '../../model/contract/index.js';
import { CowFork, Fork } from '../../model/contract/index.js';
import { Code, cowOf } from './engine/block-state.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import type { FileTrack } from './engine/file-track.js';

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
    const count = (file: FileTrack): Finding | null => {
      let delayed = 0;
      for (let row = 0; row < file.rows.count; row++) {
        const code = file.rows.code[row]!;
        if ((code & Code.data) === Fork.delay) delayed++;
        if (cowOf(code) === CowFork.delay) delayed++;
      }
      if (delayed === file.view.delayedBlocks) return null;
      return world.finding(
        'INV-11',
        file.id,
        -1,
        -1,
        `${file.view.delayedBlocks} delayed blocks are accounted for, ${delayed} exist`,
      );
    };
    const check: PropertyCheck = {
      id: 'INV-11',
      exercised: 0,
      scanned: file => (file.complete && file.changes > 0 ? count(file) : null),
      quiescent() {
        check.exercised++;
        return census();
      },
    };
    return check;
  },
};
