/** INV-21 uptodate equivalence: with block state a folio is uptodate exactly when all its blocks are (PC-02, PC-06). */
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv21: CheckDefinition = {
  id: 'INV-21',
  checks: 'a folio with block state is uptodate exactly when all its blocks are',
  exercised: 'a look at a file with an unlocked folio that has block state',
  silent: 'locked folios',
  folio: {
    concerns: f => f.blockState && !f.locked,
    holds: f => f.uptodate === f.allUptodate,
  },
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-21',
      exercised: 0,
      judgeFolio(file, folio) {
        const claim = folio.uptodate
          ? 'is uptodate, but a block of it is not'
          : 'is not uptodate, but all its blocks are';
        return world.finding(
          'INV-21',
          file.id,
          folio.pos,
          folio.size,
          `folio [${folio.pos}, ${folio.pos + folio.size}) ${claim} (PC-02)`,
        );
      },
    };
    return check;
  },
};
