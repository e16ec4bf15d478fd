/** Invariants: direct i/o, dax, inline. In the specification's own words, with the rules they follow from. */
import type { Invariant } from '../rule.js';

export const directIoInvariants: readonly Invariant[] = [
  {
    id: 'INV-50',
    name: 'request life cycle',
    scope: 'T,H',
    sentence:
      'Per request: dio_begin and dio_end once each (both or neither); end_io at most once, after the last bio; result delivered once; Q ⇒ dio count 0; while count > 0 no truncate/punch/reflink step past its wait.',
    from: ['DIO-09', 'DIO-40', 'DIO-41', 'LK-08'],
  },
  {
    id: 'INV-51',
    name: 'one verdict',
    scope: 'T,V',
    sentence:
      'A request returns either an errno or a count, never a count larger than the bytes transferred; first error wins; -ENOTBLK never reaches the application.',
    from: ['DIO-38', 'DIO-46', 'MAP-35'],
  },
  {
    id: 'INV-52',
    name: 'whole blocks',
    scope: 'T,D',
    sentence:
      'For a block that was unwr or NEW at submission: the union of data and zero writes of the request covers the block completely before conversion.',
    from: ['DIO-22', 'DIO-23', 'DIO-70'],
  },
  {
    id: 'INV-53',
    name: 'nothing older stays cached',
    scope: 'O,H',
    sentence:
      'When a direct write of [a,b) has completed with success, each cached block of [a,b) was filled after the conversion, or carries D from a store that overlapped or followed the write, or wb_err was set by DIO-52.',
    from: ['DIO-50', 'DIO-51', 'DIO-52', 'R-4'],
  },
  {
    id: 'INV-54',
    name: 'DAX entries',
    scope: 'E,H',
    sentence:
      'At most one entry (or huge entry) per page index; frame of an entry = physical block of the map now; a zero-page entry only over hole/unwr; an entry is never writable without the dirty mark; frames of freed blocks have no entry and no pin.',
    from: ['DAX-03', 'DAX-04', 'DAX-13', 'DAX-23', 'DAX-34'],
  },
  {
    id: 'INV-55',
    name: 'DAX content',
    scope: 'T,D',
    sentence:
      'A block becomes written under DAX only after it was zeroed durably; after fsync no dirty entry of the file remains unflushed.',
    from: ['DAX-01', 'DAX-33', 'CR-70', 'CR-71'],
  },
  {
    id: 'INV-56',
    name: 'inline',
    scope: 'E,H',
    sentence:
      'An inline file has exactly one INLINE mapping at offset 0 (or one tail, read only), isize <= capacity, no extents, no D bits; cache bytes below isize equal the buffer when the folio is unlocked; the inode is marked dirty after each store.',
    from: ['MAP-08', 'PC-44'],
  },
  {
    id: 'INV-57',
    name: 'atomic write',
    scope: 'T,D',
    sentence:
      'An ATOMIC request ends in one of: one device write with tear protection covering exactly its range (ATOMIC_BIO); data written out of place and made visible by a single remap transaction for the whole range; an error with no visible change.',
    from: ['MAP-27', 'DIO-25', 'CR-01'],
  },
  {
    id: 'INV-58',
    name: 'hostile mapping',
    scope: 'T,H',
    sentence:
      'A begin reply that violates MAP-01…09 ends the operation with an errno; end is still called once if begin returned 0; no byte is stored, no device I/O is issued on behalf of it.',
    from: ['MAP-01', 'MAP-02', 'MAP-03', 'MAP-04', 'MAP-05', 'MAP-06', 'MAP-07', 'MAP-08', 'MAP-09', 'MAP-63', 'FS-F2'],
  },
  {
    id: 'INV-59',
    name: 'no wrap',
    scope: 'T,V',
    sentence:
      'For positions up to the largest file size no intermediate ru, pos+length, sector or folio-end value wraps; requests crossing the limit are shortened, or refused with -EFBIG when they start at it.',
    from: ['MAP-02'],
  },
];
