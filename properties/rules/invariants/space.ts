/** Invariants: space. In the specification's own words, with the rules they follow from. */
import type { Invariant } from '../rule.js';

export const spaceInvariants: readonly Invariant[] = [
  {
    id: 'INV-10',
    name: 'conservation',
    scope: 'E,H; Q,V via statfs',
    sentence:
      'free + reserved + allocated = total, each term >= 0. allocated counts a shared block once; transaction reservations count as reserved.',
    from: [],
  },
  {
    id: 'INV-11',
    name: 'reservation census',
    scope: 'E,H',
    sentence:
      'reserved = Σ over files of #delayed blocks in both forks + index reservations of the delayed extents (XFS-like); ext4-like: #clusters holding at least one delayed and no allocated block of that file, plus metadata reservations.',
    from: [],
  },
  {
    id: 'INV-12',
    name: 'dirty implies backing',
    scope: 'F,H',
    sentence:
      'For each block with D and i < last(isize): c(f,i) != none, or d(f,i) in {delay, unwr} or (written and not shared); or the block is redundant: its cached bytes equal what the map alone would yield (zeroes for a hole, the source bytes for a shared block), so that dropping the D bit loses nothing. The second case arises from R-7/PC-65 (D bits set behind the old EOF), from H-6 and PC-77. INLINE and DAX files exempt (no D).',
    from: ['MAP-05', 'PC-34', 'PC-50', 'PC-62', 'WB-81'],
  },
  {
    id: 'INV-13',
    name: 'reservation implies dirty',
    scope: 'Q,H',
    sentence:
      'Each block with d = delay has D set. Allowed exceptions, all to be listed explicitly by the checker: blocks at or beyond last(isize) (speculative preallocation); c = delay blocks (COW hint); ext4 bigalloc: another block of the cluster has D. After fsync of a quiescent file there is no delayed data-fork block below last(isize) at all.',
    from: ['PC-50', 'PC-51', 'PC-52', 'PC-53', 'PC-54', 'PC-55', 'MAP-44', 'MAP-45', 'MAP-46', 'WB-16', 'R-3'],
  },
  {
    id: 'INV-14',
    name: 'one owner',
    scope: 'E,H',
    sentence:
      'For each physical block p: #(f,i,fork) referring to p = reference count of p; the count exceeds 1 only for shared data-fork written blocks; p is never both free and referenced; metadata blocks never appear in a file map.',
    from: ['MAP-23', 'WB-82', 'FS-X5'],
  },
  {
    id: 'INV-15',
    name: 'map shape',
    scope: 'E,H',
    sentence:
      'Extent records of a fork are sorted, disjoint, non-empty, block granular, inside the device; neighbours that could merge may or may not be merged (not observable). busy/real only in the COW fork.',
    from: ['MAP-02', 'MAP-03'],
  },
  {
    id: 'INV-16',
    name: 'no leaked reservation',
    scope: 'O,H',
    sentence:
      'When a buffered write, fault or zero returns, every block of the *requested* range that one of its begins turned into delay and that is not D is back to its former state (the exceptions of INV-13 apply: what was reserved behind the request as speculative preallocation, or around it in the COW fork, may stay). Real allocations (hints, direct path) may stay, as UNWRITTEN only, or as written blocks behind dsize on ext2/ext4 orphans.',
    from: ['MAP-44', 'MAP-45', 'PC-46', 'PC-50'],
  },
  {
    id: 'INV-17',
    name: 'exact punch',
    scope: 'T,H',
    sentence:
      'The union of punched ranges of one end call ⊆ [W, ru(pos+length)); pieces are disjoint; none contains a kept block (PC-50); every not-kept block is contained in one; blocks whose state is not delay are unchanged by it. Reference gap: H-7.',
    from: ['MAP-44', 'PC-50', 'PC-51'],
  },
  {
    id: 'INV-18',
    name: 'clean refusal',
    scope: 'T,H',
    sentence:
      'An operation that returned -EAGAIN because of NOWAIT or OVERWRITE_ONLY, and reported no progress, changed nothing: map, reservations, sizes, D bits, device (a reservation made and taken back, and the preallocations that INV-16 lets stay, do not count; nor do clean folios). Exempt and flagged: [S] PC-31, DIO-31.',
    from: ['MAP-30', 'MAP-31', 'R-20'],
  },
  {
    id: 'INV-19',
    name: 'reservation is a promise',
    scope: 'T,H',
    sentence:
      'Converting a delayed block in writeback never fails for lack of data space; only I/O or corruption errors, or shutdown. (Model: inject ENOSPC everywhere else.)',
    from: ['WB-16'],
  },
];
