/**
 * WB-26: an ioend ends with its last piece, or inside its last block with the file, whose size was sampled when that folio
 * was taken; so the on-disk size that follows from it is exact to the byte (INV-44). A size that changed since, by
 * truncation or growth, is none of its business: the bytes behind the sampled one were zeroed for the device.
 */
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const wb26: CheckDefinition = {
  id: 'WB-26',
  checks: 'each ioend ends where its last piece ends, or the size of the file sampled when that folio was taken',
  exercised: 'an ioend submitted that ends inside a block',
  silent: 'for pieces of a folio whose writeback did not begin with an event',
  hears: ['ioend-submit'],
  make(world) {
    const check: PropertyCheck = {
      id: 'WB-26',
      exercised: 0,
      event(_kind, file, offset, length) {
        const ioend = world.ioends.at;
        if (ioend === null) return null;
        const { end, due, bioEnd } = ioend;
        if (due < bioEnd) check.exercised++;
        if (end === due) return null;
        const why = due < bioEnd ? 'isize when its last folio was taken' : 'the end of its last piece';
        return world.finding(
          'WB-26',
          file,
          offset,
          length,
          `the ioend at ${offset} ends at ${end}; expected ${due}, ${why}`,
        );
      },
    };
    return check;
  },
};
