/** Invariants: durability and crash. In the specification's own words, with the rules they follow from. */
import type { Invariant } from '../rule.js';

export const durabilityInvariants: readonly Invariant[] = [
  {
    id: 'INV-60',
    name: 'no stale exposure',
    scope: 'E and K,V',
    sentence:
      "Per CR-30…34: each byte returned by read, mmap load or direct read, at run time or after recovery, is a version of (f,x) or zero-by-rule. Never FREE, never another file's tag, never a version older than a covering completed sync. ext2-like: only for synced-and-untouched files after a crash; at run time always.",
    from: [],
  },
  {
    id: 'INV-61',
    name: 'sync durability',
    scope: 'K,V',
    sentence:
      "After fsync/fdatasync/O_SYNC returned 0 at T: for each byte of the covered range the recovered value is one it had at or after the call's start (or zero-by-rule where CR-40 says so); recovered size: one held since the call's start, or, when the file grew afterwards without sync, any value between two such sizes that CR-41 allows (an ioend end that isize itself never had).",
    from: ['CR-20', 'CR-21', 'CR-22', 'CR-23', 'CR-24', 'CR-41'],
  },
  {
    id: 'INV-62',
    name: 'prefix',
    scope: 'K,H',
    sentence:
      'The recovered metadata equal the state after some prefix of committed transactions, at least up to the last completed log force.',
    from: ['CR-10', 'CR-54'],
  },
  {
    id: 'INV-63',
    name: 'consistent after recovery',
    scope: 'K,H',
    sentence:
      'INV-10, 11 (reserved = 0), 14, 15, 44 (isize = dsize) hold; no delay, no COW fork; orphans processed; running recovery twice gives the same state.',
    from: ['CR-14'],
  },
  {
    id: 'INV-64',
    name: 'recovered size',
    scope: 'K,V',
    sentence:
      'CR-40 size clause, CR-41, CR-82. [N] for pure appends of n bytes in calls: size is a value between synced size and A+n, all bytes below it correct or zero.',
    from: [],
  },
  {
    id: 'INV-65',
    name: 'recovered bytes',
    scope: 'K,V',
    sentence: 'CR-40 byte clause, CR-42, CR-43, CR-44.',
    from: [],
  },
  {
    id: 'INV-66',
    name: 'FUA honesty',
    scope: 'T,D',
    sentence:
      'A DSYNC direct write returned success without log force or flush only if all its bios were FUA (or no volatile cache) and no metadata of the inode needed for it was uncommitted or undurable.',
    from: ['DIO-26', 'DIO-39', 'MAP-22'],
  },
  {
    id: 'INV-67',
    name: 'no reuse before commit',
    scope: 'T,D',
    sentence:
      'A freed block gets no data write of a new owner until the freeing transaction is durable (or recovery cannot resurrect the old owner).',
    from: ['CR-13', 'CR-32'],
  },
  {
    id: 'INV-68',
    name: 'data before metadata',
    scope: 'T,D',
    sentence:
      'When a transaction that makes a range reachable becomes durable, the data writes it refers to are durable.',
    from: ['CR-11', 'CR-12', 'CR-50', 'CR-51'],
  },
  {
    id: 'INV-69',
    name: 'size step is safe',
    scope: 'T,D',
    sentence:
      'When dsize becomes durable at n, bytes [old durable dsize, n) on the device inside the old EOF block are zero or valid data. XFS-like reference: known gap R-23, report separately.',
    from: ['CR-44', 'CR-83'],
  },
];
