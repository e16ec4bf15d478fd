/** INV-22 D implies folio dirty, and the converse except after a partial invalidation (PC-03, PC-91, PC-96, WB-10). */
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { FileRanges } from './engine/file-ranges.js';

/** The reason `clean` gives when the bytes were truncated or punched. */
const TRUNCATED = 1;

export const inv22: CheckDefinition = {
  id: 'INV-22',
  checks: 'a folio with a dirty block is dirty, and a dirty folio with block state has a dirty block',
  exercised: 'a look at a file with an unlocked folio that is dirty or has a dirty block',
  silent:
    'locked folios; D behind the end in a folio wholly behind it (H-4); a folio that a truncate or punch cleaned in part (PC-91)',
  folio: {
    concerns: f => (f.dirty || f.someDirty) && !f.locked,
    holds: f => (f.dirty || f.behindEnd) && (f.someDirty || !f.blockState),
  },
  hears: ['clean'],
  make(world) {
    const trimmed = new FileRanges();
    const check: PropertyCheck = {
      id: 'INV-22',
      exercised: 0,
      reset() {
        trimmed.clear();
      },
      event(_kind, file, offset, length, c) {
        if (c === TRUNCATED) trimmed.of(file).add(offset, offset + length);
        return null;
      },
      judgeFolio(file, folio) {
        const end = folio.pos + folio.size;
        if (folio.dirty && trimmed.of(file.id).overlaps(folio.pos, end)) return null;
        const claim = folio.dirty ? 'is dirty, but no block of it is' : 'is clean, but a block of it is dirty';
        return world.finding('INV-22', file.id, folio.pos, folio.size, `folio [${folio.pos}, ${end}) ${claim} (PC-03)`);
      },
    };
    return check;
  },
};
