/** INV-19 reservation is a promise: writeback never lacks data space for a delayed block (WB-16). */
import { EDQUOT, ENOSPC, Ev, errnoName, type FileId } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv19: CheckDefinition = {
  id: 'INV-19',
  checks: "writeback never records -ENOSPC or -EDQUOT that is not the device's",
  exercised: 'a folio taken by writeback',
  silent: 'a file that the device refused space for once',
  hears: ['writeback-folio', 'writeback-error', 'bio-done'],
  make(world) {
    /** Files of which the device had no space for a write: it may be thinly provisioned. */
    const refused = new Set<FileId>();
    const check: PropertyCheck = {
      id: 'INV-19',
      exercised: 0,
      reset() {
        refused.clear();
      },
      event(kind, file, errno, _length, status) {
        if (kind === Ev['writeback-folio']) check.exercised++;
        else if (kind === Ev['bio-done']) {
          if (status === ENOSPC) refused.add(file);
        } else if (refused.has(file)) return null;
        else if (errno === ENOSPC || errno === EDQUOT)
          return world.finding(
            'INV-19',
            file,
            -1,
            -1,
            `writeback failed with -${errnoName(errno)}, though the space was reserved`,
          );
        return null;
      },
    };
    return check;
  },
};
