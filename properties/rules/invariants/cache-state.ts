/** Invariants: page-cache state. In the specification's own words, with the rules they follow from. */
import type { Invariant } from '../rule.js';

export const cacheStateInvariants: readonly Invariant[] = [
  {
    id: 'INV-20',
    name: 'D implies U',
    scope: 'F,H',
    sentence: 'For each block: D ⇒ U.',
    from: ['PC-04'],
  },
  {
    id: 'INV-21',
    name: 'uptodate equivalence',
    scope: 'F,H',
    sentence:
      'Block state present ⇒ (folio uptodate ⇔ all U). No block state and more than one block in the folio ⇒ either uptodate, or no block valid.',
    from: ['PC-02', 'PC-06'],
  },
  {
    id: 'INV-22',
    name: 'D implies folio dirty',
    scope: 'F,H',
    sentence:
      'Some D ⇒ folio dirty, except a folio wholly behind EOF (H-4). (Between clearing dirty and clearing D the folio is locked.) The converse "folio dirty with block state ⇒ some D" may fail only after a partial invalidation that covered all D blocks ([N] PC-91), and in the corner of H-2, which a new implementation must not have.',
    from: ['PC-03', 'PC-91', 'PC-96', 'WB-10'],
  },
  {
    id: 'INV-23',
    name: 'counters',
    scope: 'E,H',
    sentence:
      'rpend >= 0, wpend >= 0; rpend > 0 ⇒ folio locked; wpend > 0 ⇔ (writeback set and block state present); Q ⇒ both 0; block state is freed only at 0/0. Each read or writeback cycle reaches 0 exactly once.',
    from: ['PC-05', 'PC-06', 'WB-80'],
  },
  {
    id: 'INV-24',
    name: 'one writeback',
    scope: 'E,H',
    sentence:
      'A folio is in at most one writeback cycle; no two in-flight *writeback* ioends of a file overlap in file range (direct writes may overlap each other); Q ⇒ no folio under writeback.',
    from: ['WB-02', 'WB-83'],
  },
  {
    id: 'INV-25',
    name: 'no undefined byte published',
    scope: 'E,H',
    sentence:
      'Fill each new folio with a poison tag. No byte with the tag is ever in a block with U, nor visible to a read or a mapped view, nor in a device write.',
    from: ['PC-07', 'PC-20', 'H-1'],
  },
  {
    id: 'INV-26',
    name: 'U means content',
    scope: 'F,H',
    sentence:
      'For each block with U and each byte x < isize in it: cached byte ∈ may(f,x); with no writer in progress: = log(f,x).',
    from: ['PC-01', 'PC-24', 'PC-43'],
  },
  {
    id: 'INV-27',
    name: 'tail is zero',
    scope: 'F,H',
    sentence:
      'For a cached block with U, bytes at or behind isize are zero, unless the folio was writable in some view since the last zeroing of its tail, or the EOF block was filled from a device block with a non-zero tail (PC-21). Unconditionally: whole blocks behind EOF after a fill (PC-21); bytes behind EOF handed to the device (WB-11); the bytes that came below isize by an extension that did not write them ([N] PC-65, FS-X7).',
    from: [],
  },
  {
    id: 'INV-28',
    name: 'dirty bytes leave by permission',
    scope: 'T,H',
    sentence:
      'A D bit is cleared only by: writeback of that block (including a redundant block answered HOLE, INV-12); writeback of its folio when the block lies wholly behind EOF; truncate/punch/invalidate covering the whole block; discard after an error that was recorded in wb_err; removal of a folio wholly behind EOF.',
    from: ['WB-10', 'PC-91', 'PC-95'],
  },
  {
    id: 'INV-29',
    name: 'transparency',
    scope: 'T,V',
    sentence:
      'Inserting any number of reclaim, migration, split and readahead steps at yield points changes no result, no content, no size, no error of any operation (only SEEK-04/06 results and -EAGAIN may vary; and after a failed writeback the bytes that failed may fall back, PC-95).',
    from: ['PC-94', 'PC-95', 'R-21'],
  },
];
