/** INV-74 reference balance: when all is quiet only the cache refers to folios, and nothing is on its way (PC-13, R-22). */
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv74: CheckDefinition = {
  id: 'INV-74',
  checks: 'when all is quiet no folio has references beyond the cache, no bio is in flight, and no ioend waits',
  exercised: 'a quiescent instant',
  folio: {
    concerns: f => f.quiet && f.referenced,
    holds: () => false,
  },
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-74',
      exercised: 0,
      judgeFolio: (file, folio) =>
        world.finding(
          'INV-74',
          file.id,
          folio.pos,
          folio.size,
          `folio [${folio.pos}, ${folio.pos + folio.size}) has ${folio.extraReferences} references that nobody holds`,
        ),
      quiescent() {
        check.exercised++;
        const bio = world.device?.inFlight[0];
        if (bio !== undefined)
          return world.finding(
            'INV-74',
            Math.max(0, bio.file),
            bio.offset,
            bio.length,
            'a bio is in flight with nothing running',
          );
        const ioend = world.ioends.list[0];
        if (ioend === undefined) return null;
        return world.finding(
          'INV-74',
          ioend.file,
          ioend.offset,
          ioend.end - ioend.offset,
          `ioend [${ioend.offset}, ${ioend.end}) was ${ioend.submitted ? 'never finished' : 'never submitted'}`,
        );
      },
    };
    return check;
  },
};
