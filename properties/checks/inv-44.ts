/** INV-44 sizes: the on-disk size follows completed data and never passes the in-core size (WB-26, WB-53, DIO-41). */
import { type Bytes, Ev, type FileId, type Finding } from '../../model/contract/index.js';
import { Is } from './engine/call-kinds.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv44: CheckDefinition = {
  id: 'INV-44',
  checks: 'dsize is at most isize; writeback raises it only to the end of an ioend whose writes succeeded',
  exercised: 'a change of the on-disk size',
  silent: 'inside a call whose transaction sets the size itself, or a direct request (its own order is DIO-41)',
  hears: ['dsize'],
  make(world) {
    const raised = (file: FileId, from: Bytes, to: Bytes): Finding | null => {
      const blame = (fault: string): Finding =>
        world.finding('INV-44', file, from, to - from, `dsize went from ${from} to ${to}, ${fault}`);
      const { isize } = world.view.file(file);
      if (to > isize) return blame(`past isize ${isize}`);
      if (world.requests.open.some(request => request.file === file)) return null;
      let end = 0;
      for (const ioend of world.ioends.list)
        if (ioend.file === file && ioend.submitted && !ioend.failed) end = Math.max(end, ioend.end);
      return to <= end
        ? null
        : blame(
            end === 0
              ? 'with no written ioend to complete (WB-53)'
              : `past the written ioends, which end at ${end} (WB-53)`,
          );
    };
    const behind = (): Finding | null => {
      for (const id of world.view.files) {
        const file = world.file(id);
        if (!file.known || file.dsize <= file.isize || world.calls.working(id, Is.sizing)) continue;
        return world.finding(
          'INV-44',
          id,
          file.isize,
          file.dsize - file.isize,
          `dsize ${file.dsize} is past isize ${file.isize}`,
        );
      }
      return null;
    };
    const check: PropertyCheck = {
      id: 'INV-44',
      exercised: 0,
      event(kind, file, from, to) {
        if (kind !== Ev.dsize || to <= from) return null;
        check.exercised++;
        return world.calls.working(file, Is.committing) ? null : raised(file, from, to);
      },
      returned: behind,
      quiescent: behind,
    };
    return check;
  },
};
