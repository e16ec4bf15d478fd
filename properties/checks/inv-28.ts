/**
 * INV-28 dirty bytes leave by permission: a D bit is cleared only by writeback of the block, by a truncate or punch that
 * covers it, after a recorded error, or behind the end (WB-10, PC-91, PC-95, R-19).
 */
import { Ev, type Finding } from '../../model/contract/index.js';
import { Code } from './engine/block-state.js';
import { Is } from './engine/call-kinds.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import type { FileTrack } from './engine/file-track.js';

/** The reasons of the `clean` event. */
const Why = { writeback: 0, truncated: 1, discarded: 2, behindEnd: 3 } as const;

export const inv28: CheckDefinition = {
  id: 'INV-28',
  checks:
    'each D bit that went was cleared by writeback that had not been overtaken by a new store, by a call that drops bytes, after a recorded error, or behind the end',
  exercised: 'a dirty range that was cleaned, or a dirty folio that was removed',
  silent: 'an inode that was remounted or removed starts anew; what lies behind the end (WB-10, H-4)',
  hears: ['clean', 'folio-remove', 'writeback-error'],
  make(world) {
    /** Files with a discarded range whose error has not been recorded yet. */
    const discarded = new Set<number>();
    const blame = (file: number, offset: number, length: number, fault: string): Finding =>
      world.finding('INV-28', file, offset, length, `dirty bytes [${offset}, ${offset + length}) ${fault}`);
    const cleaned = (file: number, offset: number, length: number, why: number): Finding | null => {
      switch (why) {
        case Why.writeback: {
          const cycle = world.cycles.find(file, offset);
          if (cycle === null)
            return blame(file, offset, length, 'were cleaned by writeback of a folio that is not under writeback');
          const { blockSize } = world.geometry;
          const from = Math.floor((offset - cycle.pos) / blockSize);
          const to = Math.min(cycle.count, Math.ceil((offset + length - cycle.pos) / blockSize));
          let again = Math.max(0, from);
          while (again < to && cycle.again[again] === 0) again++;
          if (again >= to) return null;
          return blame(
            file,
            cycle.pos + again * blockSize,
            blockSize,
            'were cleaned though they were stored after writeback took the folio (R-19)',
          );
        }
        case Why.truncated:
          return offset >= world.view.file(file).isize || world.calls.working(file, Is.dropping)
            ? null
            : blame(file, offset, length, 'were dropped though no call truncates, punches or moves them (PC-95)');
        case Why.behindEnd: {
          const taken = world.cycles.find(file, offset)?.end ?? Number.POSITIVE_INFINITY;
          return offset >= Math.min(taken, world.view.file(file).isize)
            ? null
            : blame(file, offset, length, 'were dropped as if behind the end');
        }
        default:
          discarded.add(file);
          return null;
      }
    };
    const lost = (file: FileTrack): Finding | null => {
      if ((file.changed & Code.dirty) === 0) return null;
      const { blockSize } = world.geometry;
      for (let i = 0; i < file.changes; i++) {
        const from = file.changedFrom[i]!;
        const to = file.changedTo[i]!;
        if (from < 0 || (file.previous.code[from]! & Code.dirty) === 0) continue;
        if (to >= 0 && (file.rows.code[to]! & Code.dirty) !== 0) continue;
        const start = file.previous.block[from]! * blockSize;
        // A folio behind the end keeps its D bits, and is removed (H-4).
        if (start >= file.isize || file.cleaned.covers(start, start + blockSize)) continue;
        return blame(file.id, start, blockSize, 'became clean without writeback, truncation or error');
      }
      return null;
    };
    const check: PropertyCheck = {
      id: 'INV-28',
      exercised: 0,
      reset() {
        discarded.clear();
      },
      event(kind, file, a, b, c) {
        if (kind === Ev['writeback-error']) {
          discarded.delete(file);
          return null;
        }
        if (kind === Ev.clean) {
          check.exercised++;
          return cleaned(file, a, b, c);
        }
        if (c !== 1) return null;
        check.exercised++;
        if (a >= world.view.file(file).isize || world.calls.working(file, Is.dropping)) return null;
        return blame(file, a, b, 'were dropped with their folio (PC-95)');
      },
      scanned: file => (file.known ? lost(file) : null),
      returned() {
        if (discarded.size === 0) return null;
        const [file] = discarded;
        discarded.clear();
        return world.finding(
          'INV-28',
          file!,
          -1,
          -1,
          'dirty bytes were discarded without an error being recorded (WB-10)',
        );
      },
    };
    return check;
  },
};
