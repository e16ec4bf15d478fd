/** MAP-52: each folio stored to by buffered write, zero and unshare had the mapping found fresh first, under its lock. */
import { Ev } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const map52: CheckDefinition = {
  id: 'MAP-52',
  checks: 'bytes stored under a mapping lie where the mapping was found fresh since its begin',
  exercised: 'a store under a mapping',
  silent: 'until the target is known to check freshness at all (MAP-55)',
  hears: ['validated', 'dirty'],
  make(world) {
    let checksFreshness = false;
    const check: PropertyCheck = {
      id: 'MAP-52',
      exercised: 0,
      event(kind, file, offset, length, c) {
        const track = world.storing;
        if (kind === Ev.validated) {
          checksFreshness = true;
          if (c === 0) track?.validated.add(offset, offset + length);
          return null;
        }
        if (c !== 0 || track === null || !checksFreshness) return null;
        check.exercised++;
        if (track.validated.overlaps(offset, offset + length)) return null;
        return world.finding(
          'MAP-52',
          file,
          offset,
          length,
          `bytes [${offset}, ${offset + length}) were stored under a mapping that was not checked for this folio`,
        );
      },
    };
    return check;
  },
};
