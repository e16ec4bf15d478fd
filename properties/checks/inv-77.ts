/** INV-77 a sync call returns only after the ioends it covers are through with their completion work (WB-55, WB-61). */
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv77: CheckDefinition = {
  id: 'INV-77',
  checks:
    'when a sync call returned 0 no ioend of its range that was submitted before it began is unfinished, and after truncate no folio behind the new end is under writeback',
  exercised: 'a sync call or truncate that succeeded',
  silent: 'ioends submitted after the call began may carry later stores',
  answers: ['truncate', 'fsync', 'fdatasync', 'syncRange'],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-77',
      exercised: 0,
      returned(call, answer) {
        if (answer.error !== 0) return null;
        const entry = world.calls.returning!;
        if (call.name === 'truncate') {
          check.exercised++;
          const cycle = world.cycles.open.find(it => it.file === call.file && it.pos >= call.size);
          if (cycle === undefined || entry.overlapped) return null;
          return world.finding(
            'INV-77',
            call.file,
            cycle.pos,
            cycle.size,
            `truncate to ${call.size} returned with writeback of [${cycle.pos}, ${cycle.pos + cycle.size}) in progress (WB-55)`,
          );
        }
        check.exercised++;
        const from = call.name === 'syncRange' ? call.offset : 0;
        const to = call.name === 'syncRange' && call.length > 0 ? call.offset + call.length : Number.POSITIVE_INFINITY;
        const left = world.ioends.list.find(
          ioend =>
            ioend.submitted &&
            ioend.file === call.file &&
            ioend.moment < entry.moment &&
            ioend.offset < to &&
            ioend.end > from,
        );
        if (left === undefined) return null;
        return world.finding(
          'INV-77',
          call.file,
          left.offset,
          left.end - left.offset,
          `${call.name} returned before the ioend [${left.offset}, ${left.end}) was finished (WB-61)`,
        );
      },
    };
    return check;
  },
};
