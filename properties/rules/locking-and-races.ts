/** The rules of the specification about locks and races, each in the specification's own words. */
import type { RuleText } from './rule.js';

export const lockingAndRacesRules: readonly RuleText[] = [
  ['LK-01', 'L0 → L1 → L2(fault of the user buffer inside a write) ; fault path: L2 → L3 → L5.'],
  ['LK-02', 'L1 → L3 → L5 → L7 → L8 → L9, for every path of the library and of iomap-style fs.'],
  [
    'LK-03',
    'Legacy ext4 (buffer heads) uses L7 → L5 in write_begin and writeback; the iomap ext4 path uses L5 → L7. Mixing both for the same inode deadlocks: a switch is per inode and constant while the inode is in core.',
  ],
  ['LK-04', 'No library code holds L5 while taking L1 or L3. No fs punch or begin under FAULT takes L5, L3, L1.'],
  ['LK-05', 'L8 is not held when the library copies user data, waits for I/O, or takes L5.'],
  [
    'LK-06',
    'A fs that holds L7 across begin…end (gfs2 via get_folio/put_folio, ext2-like) must guarantee that no folio lock is waited for under L7 by others, or start L7 inside get_folio (after which L5 is taken) and end it in put_folio; zeroing under an open journal handle is forbidden for ext4-iomap.',
  ],
  ['LK-07', 'Waiting for L6 under L5 is legal; waiting for L6 under L8 is not (completion needs L8).'],
  ['LK-08', 'Waiting for L4 requires L1 exclusive (else new direct I/O starts forever).'],
  [
    'R-1',
    'stale mapping/unwritten: T1 buffered write begins on UNWRITTEN, T2 writeback converts and reclaim drops the folio; T1 must not zero-fill the untouched part of the block ⇒ cookie check, re-begin, read from disk.',
  ],
  [
    'R-2',
    'stale hole/delalloc: T1 begin sees DELALLOC(existing), T2 writeback of that folio + completion; same remedy.',
  ],
  [
    'R-3',
    'short write vs fault: see PC-54…56 (and H-7: the reference loses a store here when isize is inside a block).',
  ],
  ['R-4', 'direct write vs buffered read: DIO-50.'],
  ['R-5', 'direct write vs mkwrite ("collision"): DIO-82, -EIO for DELALLOC on read path.'],
  ['R-6', 'two unaligned direct writes in one block: DIO-70.'],
  [
    'R-7',
    'append write (or truncate-up) vs mmap store behind the old EOF in the same folio. A write fault marks all D bits of the folio but reserves only below isize; when isize grows, blocks behind the old EOF are D, below EOF and without backing. Required: until a new fault reserves them their bytes are zero ([N] PC-65 zeroes and write-protects under L5). A store that slips in between the size update and PC-65 is erased by [N]; in [S] it stays in cache but is skipped by writeback (HOLE) — a cache/disk divergence a checker must flag as known [S] defect.',
  ],
  ['R-8', 'writeback vs truncate-down: EOF zeroing at Y-WB1 uses the size at that instant; truncate zeroes again.'],
  ['R-9', 'append + crash: WB-26.'],
  ['R-10', 'ioend completion vs append: dsize monotone until truncate.'],
  [
    'R-11',
    'writeback COW lookup vs COW→data remap: mapping callback finds no COW extent although the stamp said so ⇒ retry once in data fork (XFS -EAGAIN path).',
  ],
  ['R-12', 'zero_range over UNWRITTEN with folio dirtied before: flush+STALE or batch (PC-70).'],
  ['R-13', 'punch hole vs readahead: L3.'],
  [
    'R-14',
    'reflink source vs mmap writer: L3 exclusive + flush + write-protect before sharing; a later store must COW.',
  ],
  [
    'R-15',
    'SEEK_DATA vs writeback conversion: mapping says UNWRITTEN sampled before conversion, cache dropped before the search ⇒ hole reported for data. Legal only if the folio could be dropped; implementations should re-check the cookie after the search or hold L1 shared with reclaim excluded; reference code has this tiny window.',
  ],
  ['R-16', 'memory pressure: fs allocations under L5/L8 must not recurse into fs (NOFS).'],
  [
    'R-17',
    'three-way: buffered write + mkwrite uses up its reservation + direct I/O flushes it ⇒ STALE re-begin without reservation ⇒ short write, not corruption (zoned XFS).',
  ],
  ['R-18', 'fsync during ioend work: waits for L6, hence sees dsize update (WB-50).'],
  [
    'R-19',
    'error completion vs new write to the same folio: D set again after cleaning must survive (bits cleared before, not after, I/O).',
  ],
  ['R-20', 'NOWAIT path meeting any held lock: -EAGAIN without side effects.'],
  ['R-21', 'swap-out/migration of folios between any two steps when unlocked.'],
  [
    'R-23',
    'zeroed EOF block versus size growth: truncate-down (or a crash, PC-21) leaves old bytes on the device behind EOF, zeroed only in cache; an append far behind EOF completes its ioend first and its dsize commit becomes durable before the EOF block is written; crash ⇒ old tail visible. Remedies: write and wait at truncate; or hold back dsize growth while an EOF-zeroing write is pending (ext4 "growth pending" state). Must also be tested for truncate-up, fallocate and mmap writers that scribble behind EOF while an append is written back.',
  ],
  [
    'R-22',
    'inode eviction: all reservations, COW preallocations released; no ioend may reference the inode (folios hold it).',
  ],
  [
    'LK-20',
    'Per inode one counter per fork; bump on *any* change of that fork while L8 exclusive. Cookie = data fork counter, plus COW fork counter for SHARED mappings.',
  ],
  ['LK-21', "A finer cookie (per range) is legal if every change intersecting the mapping's range changes it."],
  [
    'LK-22',
    'Writeback keeps its own pair of stamps; equality of the data stamp alone is not enough when a COW fork exists (new COW blocks may overlap).',
  ],
  [
    'LK-23',
    "The check reads the counter without L8; correctness rests on: (a) changes to blocks of the locked folio after the check are limited to: delayed → unwritten by writeback of a *neighbouring* folio in the same delayed extent (harmless: still reads zero, still backed), delayed → real in the COW fork (same), and unwritten → written by completion of a direct write to the same block (application race, DIO-82); everything else needs L1/L3 exclusive or this folio's lock or writeback bit; (b) counter update is visible before L8 release. A change after the check that does not involve this folio's blocks is irrelevant.",
  ],
  [
    'LK-24',
    'Consequence for fs: punch (PC-51) and conversion must work by current state under L8, never by the record handed out earlier.',
  ],
];
