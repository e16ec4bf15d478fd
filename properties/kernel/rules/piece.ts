/**
 * WB section 3, WB-14, WB-20: writeback takes a folio and maps its dirty pieces from front to back. A piece lies in the
 * folio and its start in the mapping; a mapping for writeback has storage; where a piece is longer than the mapping, the
 * next piece is its rest.
 */
import type { PieceEvent, RangeEvent } from '../../../model/contract/kernel-event.js';
import { MAP_TYPE_NAMES, MapFlag, MapType } from '../../../model/contract/mapping.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';

interface Folio {
  readonly taken: RangeEvent;
  /** End of the last piece mapped. */
  reached: number;
  /** Dirty bytes behind `reached` that must come next; 0 if none. */
  rest: number;
  last: PieceEvent | null;
}

export const piece: KernelRule = {
  id: 'K-PIECE',
  sentence:
    'Writeback maps the dirty pieces of a folio in order, each inside the folio, to a mapping that covers it, and never to delayed or inline space.',
  sources: ['WB-14', 'WB-20', 'WB-22', 'WB-81', 'WB-82', 'INV-40', 'INV-45'],
  exercised: 'writeback mapped a piece',
  lines: 2,
  watch(world, judge) {
    const folios = new Map<number, Folio>();
    const unfinished = (event: RangeEvent, folio: Folio): undefined => {
      // The rest of a run may have been a hole, which leaves no event; other file systems than XFS may differ in more.
      if (folio.rest > 0 && world.device.fs === 'xfs') judge.undecided();
      folios.delete(event.task);
    };
    return {
      writebackFolio(event) {
        const before = folios.get(event.task);
        if (before !== undefined) unfinished(event, before);
        if (folios.size > 1 << 14) folios.clear();
        folios.set(event.task, { taken: event, reached: event.offset, rest: 0, last: null });
      },
      piece(event) {
        const folio = folios.get(event.task);
        if (folio === undefined || folio.taken.ino !== event.ino || folio.taken.dev !== event.dev) {
          if (world.early(event)) return judge.undecided();
          return judge.broken(event, `task ${event.task} has taken no folio of this file`, folio?.taken);
        }
        const { taken } = folio;
        const refuse = (why: string): undefined => judge.broken(event, why, taken, folio.last);
        const end = event.pos + event.dirtyLength;
        if (event.dirtyLength <= 0) return refuse('the piece is empty');
        if (event.pos < taken.offset || end > taken.offset + taken.length)
          return refuse(`[${hex(event.pos)}, ${hex(end)}) leaves the folio`);
        const mapEnd = event.offset + event.length;
        if (event.pos < event.offset || event.pos >= mapEnd)
          return refuse(`[${hex(event.offset)}, ${hex(mapEnd)}) does not cover ${hex(event.pos)}`);
        // Nothing is submitted for a HOLE: what was dirty there was cut, or is redundant (WB-14, PC-77).
        if (event.type !== MapType.MAPPED && event.type !== MapType.UNWRITTEN && event.type !== MapType.HOLE)
          return refuse(`${MAP_TYPE_NAMES[event.type] ?? event.type} has no storage to write to`);
        if ((event.flags & MapFlag.SHARED) !== 0 && world.device.fs === 'ext4') return refuse('SHARED on ext4');
        if (event.pos < folio.reached) return refuse(`the folio was mapped up to ${hex(folio.reached)} already`);
        if (folio.rest > 0 && event.pos === folio.reached && event.dirtyLength !== folio.rest) {
          return refuse(`${hex(folio.rest)} bytes of the run before were left`);
        }
        const done = Math.min(end, mapEnd);
        folio.reached = done;
        folio.rest = end - done;
        folio.last = event;
        return judge.held();
      },
    };
  },
};
