/** INV-24 one writeback: a folio is in one writeback cycle at a time, ioends in flight do not overlap (WB-02, WB-83). */
import { Ev } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv24: CheckDefinition = {
  id: 'INV-24',
  checks:
    'no folio is taken by writeback while it is under writeback, no two submitted ioends of a file overlap, and none is left when all is quiet',
  exercised: 'a folio taken by writeback, or an ioend submitted',
  silent: 'direct writes may overlap each other and ioends',
  folio: {
    concerns: f => f.quiet && f.writeback,
    holds: () => false,
  },
  hears: ['writeback-folio', 'ioend-submit'],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-24',
      exercised: 0,
      judgeFolio: (file, folio) =>
        world.finding(
          'INV-24',
          file.id,
          folio.pos,
          folio.size,
          `folio [${folio.pos}, ${folio.pos + folio.size}) is under writeback with nothing in flight`,
        ),
      event(kind, file, offset, length, c) {
        check.exercised++;
        if (kind === Ev['writeback-folio']) {
          if (c !== 0 || !world.cycles.taken) return null;
          return world.finding(
            'INV-24',
            file,
            offset,
            length,
            `folio [${offset}, ${offset + length}) was taken by writeback while under writeback (WB-02)`,
          );
        }
        const { at, list } = world.ioends;
        if (at === null) return null;
        for (const other of list) {
          if (
            other === at ||
            !other.submitted ||
            other.file !== file ||
            other.offset >= at.end ||
            other.end <= at.offset
          )
            continue;
          return world.finding(
            'INV-24',
            file,
            offset,
            length,
            `ioend [${at.offset}, ${at.end}) was submitted while [${other.offset}, ${other.end}) is in flight (WB-83)`,
          );
        }
        return null;
      },
      quiescent() {
        const left = world.cycles.open[0];
        if (left === undefined) return null;
        return world.finding(
          'INV-24',
          left.file,
          left.pos,
          left.size,
          `folio [${left.pos}, ${left.pos + left.size}) never left its writeback`,
        );
      },
    };
    return check;
  },
};
