/** INV-23 counters: bytes of I/O in flight per folio agree with its lock and writeback bit (PC-05, PC-06, WB-80). */
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv23: CheckDefinition = {
  id: 'INV-23',
  checks:
    'no counter is below 0; reads in flight keep the folio locked; writes in flight, writeback bit and block state go together; both are 0 when all is quiet',
  exercised: 'a look at a file with a folio that has I/O in flight or is under writeback',
  folio: {
    concerns: f => f.negative || f.reading || f.writing || f.writeback,
    holds: f =>
      !f.negative &&
      (!f.reading || f.locked) &&
      f.writing === (f.writeback && f.blockState) &&
      !(f.quiet && (f.reading || f.writing)),
  },
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-23',
      exercised: 0,
      judgeFolio(file, folio) {
        const state = [
          folio.locked ? 'locked' : 'unlocked',
          folio.writeback ? 'under writeback' : 'not under writeback',
        ];
        if (!folio.hasBlockState) state.push('without block state');
        if (file.quiet) state.push('with nothing running');
        return world.finding(
          'INV-23',
          file.id,
          folio.pos,
          folio.size,
          `folio [${folio.pos}, ${folio.pos + folio.size}) has ${folio.readPending} bytes of reads and ${folio.writePending} of writes in flight while ${state.join(', ')} (PC-05)`,
        );
      },
    };
    return check;
  },
};
