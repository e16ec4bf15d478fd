/** Invariants: writeback and completion. In the specification's own words, with the rules they follow from. */
import type { Invariant } from '../rule.js';

export const writebackInvariants: readonly Invariant[] = [
  {
    id: 'INV-40',
    name: 'every dirty byte is accounted',
    scope: 'T,H+D',
    sentence:
      'For each cleaning cycle of a folio and each D byte below EOF at the cleaning instant, exactly one of: it is in exactly one ioend of the cycle; it was answered HOLE and is redundant (INV-12) or removed by truncate/punch; the cycle recorded an error.',
    from: ['WB-81', 'WB-10'],
  },
  {
    id: 'INV-41',
    name: 'writes hit only own space',
    scope: 'T,D',
    sentence:
      'Each data write covers sectors whose block is, from submission to completion, referenced by that file (data or COW fork), not free, and not a shared source, unless the bytes written equal those present (H-6).',
    from: ['WB-82', 'DIO-84', 'MAP-23'],
  },
  {
    id: 'INV-42',
    name: 'no early conversion',
    scope: 'T,D',
    sentence:
      'unwr(p) → written(p) happens only after every sector of p was written since p was allocated, and the write completed successfully. Exempt: ext4 direct writes at or behind isize (written blocks from begin on, but behind dsize and on the orphan list, FS 2.1).',
    from: ['WB-51', 'DIO-23', 'DIO-41', 'MAP-21'],
  },
  {
    id: 'INV-43',
    name: 'COW order',
    scope: 'T,D',
    sentence:
      'A COW remap of a block happens after its data write completed; the old block is not written by this file after it became shared; its reference drops in the same transaction as the remap.',
    from: ['WB-52', 'DIO-42', 'FS-X5', 'DAX-16'],
  },
  {
    id: 'INV-44',
    name: 'sizes',
    scope: 'E,H',
    sentence:
      '(Legacy ext4 buffered writeback: first half only, CR-50.) dsize <= isize, except inside a size-changing operation holding L1 exclusive. When a completion raises dsize to n: n <= isize at that instant, and each block of [old dsize, n) is hole, delay-dropped-on-crash, unwr, or written with completed data or zeroes. [N] n is byte exact; [S] may be min(isize, ru(n)).',
    from: ['WB-26', 'WB-53', 'DIO-41', 'CR-80'],
  },
  {
    id: 'INV-45',
    name: 'ioend shape',
    scope: 'T,H',
    sentence:
      'File range and sector range contiguous, one attribute set, BOUNDARY only at its first byte, at most 4096 folios, logical size <= bio size < logical size + B (before splits), no HOLE/DELALLOC/INLINE part.',
    from: ['WB-20', 'WB-21', 'WB-22', 'WB-23', 'WB-24', 'WB-25', 'WB-26', 'WB-27', 'WB-40', 'WB-85'],
  },
  {
    id: 'INV-46',
    name: 'confluence',
    scope: 'T,H',
    sentence:
      'For a fixed set of completed ioends the resulting map, dsize, free space are the same for every completion order, merge choice and split.',
    from: ['WB-84', 'WB-30'],
  },
  {
    id: 'INV-47',
    name: 'device tail',
    scope: 'T,D',
    sentence:
      'In each device write made by writeback or by a direct write that ends at or behind EOF, bytes behind EOF (as evaluated by that writer) are zero up to the block end, except bytes of a mapped store that raced with the I/O in flight (WB-03).',
    from: ['WB-11', 'DIO-22'],
  },
  {
    id: 'INV-48',
    name: 'no lost error',
    scope: 'T,V',
    sentence:
      'For each recorded error event e of file f and each descriptor open at e: the next sync call on it after e returns an errno (that of the last event so far), and the one after it, without new event, returns 0. A descriptor opened later reports e once iff nobody had seen e before. No descriptor reports without event, apart from failures of the sync itself (log force, cache flush, shut-down or aborted fs).',
    from: ['WB-70', 'WB-71', 'WB-72', 'WB-73', 'WB-74', 'WB-75', 'WB-76'],
  },
  {
    id: 'INV-49',
    name: 'contained failure',
    scope: 'Q,H',
    sentence:
      'After failed writeback: no D, no writeback, no busy COW block of the range left, delayed blocks of the range dropped or still backed by D, ranges not carried by the failed folio or ioend unaffected (a failed pass also fails the pending ioend, WB-29), INV-10…15 hold.',
    from: ['WB-10', 'WB-54', 'FS-X3', 'FS-X4', 'FS-F8', 'CR-92'],
  },
];
