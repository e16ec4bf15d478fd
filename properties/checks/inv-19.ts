/** INV-19 reservation is a promise: writeback never lacks data space for a delayed block (WB-16). */
import { EDQUOT, ENOSPC, Ev, errnoName } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv19: CheckDefinition = {
  id: 'INV-19',
  checks: 'writeback never records -ENOSPC or -EDQUOT but of the device',
  exercised: 'a folio taken by writeback',
  silent: 'while an ioend of the file is being completed whose device write failed: a device can lack space, too',
  hears: ['writeback-folio', 'writeback-error'],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-19',
      exercised: 0,
      event(kind, file, errno) {
        if (kind === Ev['writeback-folio']) check.exercised++;
        else if ((errno === ENOSPC || errno === EDQUOT) && !world.ioends.list.some(it => it.file === file && it.failed))
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
