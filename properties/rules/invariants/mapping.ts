/** Invariants: mapping and iteration. In the specification's own words, with the rules they follow from. */
import type { Invariant } from '../rule.js';

export const mappingInvariants: readonly Invariant[] = [
  {
    id: 'INV-01',
    name: 'cover',
    scope: 'T,H',
    sentence: 'Each begin that returned 0 delivered records satisfying MAP-01, MAP-02, MAP-03.',
    from: ['MAP-01', 'MAP-02', 'MAP-03', 'MAP-04'],
  },
  {
    id: 'INV-02',
    name: 'no hole for a writer',
    scope: 'T,H',
    sentence:
      'No begin with WRITE and without UNSHARE delivered HOLE; no body that stores bytes ran on HOLE, except zeroing on Linux 6.13 … 6.18 (PC-77).',
    from: ['MAP-05', 'MAP-10', 'MAP-34'],
  },
  {
    id: 'INV-03',
    name: 'type/address agreement',
    scope: 'T,H',
    sentence:
      'addr == NULLADDR ⇔ type in {HOLE, DELALLOC}; not applied to INLINE (any addr), to ANON_WRITE, nor to UNWRITTEN+SHARED records of SEEK (MAP-07). INLINE has a buffer and satisfies MAP-08; no direct, DAX or writeback step used DELALLOC storage.',
    from: ['MAP-06', 'MAP-07', 'MAP-08', 'MAP-09', 'MAP-33', 'WB-14'],
  },
  {
    id: 'INV-04',
    name: 'pairing',
    scope: 'T,H',
    sentence:
      'Per iteration (an operation may run several) the event word is (begin_ok body* end)* begin_fail?; end got the flags and record of its begin. Exempt: DIO-60.',
    from: ['MAP-40', 'MAP-41', 'MAP-64'],
  },
  {
    id: 'INV-05',
    name: 'honest progress',
    scope: 'T,V+H',
    sentence: `The intervals [start, start+written) handed to successive ends of one iteration are contiguous and begin at the iteration's position. Their total equals the result, when > 0, for buffered write and DAX; for direct I/O it equals size (the result is smaller by the cut at EOF, or an errno); for SEEK, FIEMAP and other operations whose result is no byte count only contiguity holds. Exempt: [S] PC-31, MAP-43 and DIO-29 cases, which must be reported as "known" instead of failing.`,
    from: ['MAP-41', 'MAP-42', 'MAP-43', 'MAP-65', 'PC-30'],
  },
  {
    id: 'INV-06',
    name: 'bounded re-begin',
    scope: 'T,H',
    sentence:
      'Two successive begins of one iteration at the same position are separated by exactly one STALE. #begins <= #begins followed by progress + #STALE + 1. (Tracepoint text does not show STALE: there a repeated begin is accepted after an invalid-mapping event of the task, or under ZERO after the task itself wrote the range back.)',
    from: ['MAP-61', 'MAP-62', 'MAP-66', 'MAP-67'],
  },
  {
    id: 'INV-07',
    name: 'cookie',
    scope: 'E,H',
    sentence:
      'If map(f) at two instants differs in any block, the cookies differ; counters never decrease or repeat while the inode is in core. The change is visible before L8 is released.',
    from: ['MAP-50', 'MAP-51', 'LK-20', 'LK-21'],
  },
  {
    id: 'INV-08',
    name: 'validated means current',
    scope: 'E,H',
    sentence:
      'From a successful check (MAP-52) until the folio is unlocked, for each block in mapping ∩ folio the current map agrees with the record in type, address and sharing. Allowed drift: delay → unwr (neighbour writeback converts the whole extent), COW delay → real, and unwr → written by a direct write to the same block (application race DIO-82).',
    from: ['MAP-50', 'MAP-51', 'MAP-52', 'MAP-53', 'MAP-54', 'LK-23'],
  },
  {
    id: 'INV-09',
    name: 'pure readers',
    scope: 'T,H',
    sentence:
      'read, readahead, direct read, REPORT operations leave map, reservations, free space, isize, dsize, D bits unchanged, apart from the explicit flushes in DIO-03, FM-01, BM-01, SW step 1.',
    from: ['MAP-11', 'RP-01'],
  },
];
