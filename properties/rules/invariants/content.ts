/** Invariants: content and coherence. In the specification's own words, with the rules they follow from. */
import type { Invariant } from '../rule.js';

export const contentInvariants: readonly Invariant[] = [
  {
    id: 'INV-30',
    name: 'byte registers',
    scope: 'T,V',
    sentence:
      'Each byte is a regular register: a read returns a value of a store that is not older than every store completed before the read began, or of a store overlapping the read. Stores: buffered write (its interval is the call), mmap store (instant), zero/punch/truncate (value 0), direct write (submission … completion). If all accesses are *buffered* read/write calls and readers take L1 shared (XFS-like) each write is atomic against each read; without the lock (ext4-like) only per byte.',
    from: ['PC-32', 'PC-33'],
  },
  {
    id: 'INV-31',
    name: 'coherence of paths',
    scope: 'T,V',
    sentence:
      'INV-30 holds across buffered, direct and mmap access whenever no direct write overlaps *in the same page* an mmap store or buffered write in time. If they overlap: every byte of the page is a value stored by one of the overlapping accesses or the value before them; after all of them ended and the cache was flushed, cache, disk and reads agree; if a folio could not be dropped, wb_err was set.',
    from: ['DIO-03', 'DIO-08', 'DIO-50', 'DIO-52', 'DIO-80', 'DIO-81', 'DIO-82'],
  },
  {
    id: 'INV-32',
    name: 'frame',
    scope: 'O,V',
    sentence:
      'A write of [a,b) that returned w changed exactly the bytes [a,a+w) (plus zeroes in [old isize, a)). After an error or short count the bytes [a+w,b) below the old isize hold old values (buffered), or old-or-new per sector (direct).',
    from: ['PC-30', 'PC-42', 'DIO-46', 'DIO-22'],
  },
  {
    id: 'INV-33',
    name: 'zero result',
    scope: 'O,V+H',
    sentence:
      'After zero_range success: bytes of the range below isize read 0, also after dropping the cache following a sync; bytes outside unchanged; holes stay holes. [S] exempt where R-12 applies. did_zero ⇔ at least one byte stored.',
    from: ['PC-70', 'PC-71', 'PC-72', 'DAX-30'],
  },
  {
    id: 'INV-34',
    name: 'unshare result',
    scope: 'O,V+H',
    sentence:
      'Content unchanged; after a sync no written block of the range is shared; the library allocates nothing for holes and unwritten ranges (FALLOC_FL_UNSHARE_RANGE of XFS preallocates holes of the range afterwards, FS-X12).',
    from: ['PC-80', 'PC-81', 'DAX-31'],
  },
  {
    id: 'INV-35',
    name: 'size follows data',
    scope: 'E,V',
    sentence:
      'Whenever an observer can see isize = s, each byte below s already yields its new value or zero-by-rule (CR-31). isize is changed only by buffered write step 8, direct completion (inline direct write included), DAX caller, truncate/fallocate, clone/exchange (FS-X14).',
    from: ['PC-33', 'DIO-43', 'DIO-47'],
  },
  {
    id: 'INV-36',
    name: 'read count',
    scope: 'O,V',
    sentence:
      'Count = max(0, min(n, s − pos)) for a value s that isize had during the call; direct read: s = isz0; shorter only through fault, I/O error, signal or NOWAIT.',
    from: ['PC-28', 'DIO-02', 'DIO-45'],
  },
  {
    id: 'INV-37',
    name: 'seek',
    scope: 'O,V',
    sentence:
      'Without concurrent change: SEEK_DATA(p) = d ⇒ all bytes of [p,d) are zero; -ENXIO from SEEK_DATA(p) with p < isize ⇒ all bytes of [p,isize) are zero; alternating SEEK_DATA/SEEK_HOLE from 0 cuts [0,isize) into pieces with strictly increasing ends and ends at isize; every non-zero byte lies in a data piece.',
    from: ['SEEK-01', 'SEEK-02', 'SEEK-03', 'SEEK-04', 'SEEK-05', 'R-15'],
  },
  {
    id: 'INV-38',
    name: 'extent report',
    scope: 'Q,V',
    sentence:
      'After sync: FIEMAP pieces are disjoint and ordered; every non-zero byte lies in a piece without UNWRITTEN; for pieces that are plain MAPPED the device bytes at physical equal the file bytes below isize; no DELALLOC piece below EOF; SHARED ⇔ sh. SEEK data need not lie in a piece (FM-08).',
    from: ['FM-04', 'FM-06', 'FM-08'],
  },
  {
    id: 'INV-39',
    name: 'raw block users',
    scope: 'O,H+D',
    sentence:
      'bmap ≠ 0 ⇒ block is written, unshared, and was not dirty at the time. An active swap file: allocated (MAPPED/UNWRITTEN), unshared, map frozen, page runs disjoint and inside their extents.',
    from: ['BM-01', 'BM-02', 'BM-03', 'SW-01', 'SW-02', 'SW-03', 'SW-04'],
  },
];
