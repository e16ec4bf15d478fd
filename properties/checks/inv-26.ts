/**
 * INV-26 U means content: the bytes of an uptodate block below the end are the file's (PC-01, PC-24, PC-43). What is
 * compared after an operation are the blocks that it, or any event since, may have changed, and some others in turn.
 */
import type { Finding } from '../../model/contract/index.js';
import { Code } from './engine/block-state.js';
import { compareRows, type Wrong } from './engine/content.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import type { FileTrack } from './engine/file-track.js';
import type { Rows } from './engine/rows.js';

/** Blocks compared in turn at each look, though nothing suggests that they changed. */
const IN_TURN = 8;

export const inv26: CheckDefinition = {
  id: 'INV-26',
  checks: 'each byte below the end of an uptodate block is what the reference model says the file may hold there',
  exercised: 'a look at uptodate blocks',
  silent: 'locked folios; with writers in progress every value that they may have stored is permitted (INV-30)',
  make(world) {
    const place = {
      memory: new Uint8Array(0) as Uint8Array,
      mask: Code.uptodate | Code.locked,
      state: Code.uptodate,
      cached: true,
    };
    const judge = (file: FileTrack, wrong: Wrong): Finding => {
      const { blockSize } = world.geometry;
      const row = file.rows.find(Math.floor(wrong.offset / blockSize));
      const dirty = (file.rows.code[row]! & Code.dirty) !== 0 ? 'dirty' : 'clean';
      return world.finding(
        'INV-26',
        file.id,
        wrong.offset,
        1,
        `cached, ${dirty} byte ${wrong.offset} (block ${file.rows.block[row]}) is wrong: ${world.describeByte(file.id, wrong.offset, wrong.seen)}`,
      );
    };
    const check: PropertyCheck = {
      id: 'INV-26',
      exercised: 0,
      scanned(file) {
        const { rows, cacheSuspects: suspects } = file;
        if (rows.count === 0) return null;
        check.exercised++;
        const { blockSize } = world.geometry;
        place.memory = file.view.memory;
        let wrong: Wrong | null = null;
        const compare = (first: number, last: number): void => {
          wrong ??= compareRows(world.truth, file, blockSize, first, Math.min(last, rows.count), place);
        };
        for (let i = 0; i < suspects.count; i++) {
          const first = rows.seek(Math.floor(suspects.from(i) / blockSize));
          const last = rows.seek(Math.ceil(suspects.to(i) / blockSize));
          compare(first, last);
          if (hasLocked(rows, first, last)) file.keepCacheSuspects = true;
        }
        if (file.cursor >= rows.count) file.cursor = 0;
        compare(file.cursor, file.cursor + IN_TURN);
        file.cursor += IN_TURN;
        return wrong === null ? null : judge(file, wrong);
      },
    };
    return check;
  },
};

function hasLocked(rows: Rows, first: number, last: number): boolean {
  for (let row = first; row < last; row++) if ((rows.code[row]! & Code.locked) !== 0) return true;
  return false;
}
