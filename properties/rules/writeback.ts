/** The rules of the specification about writeback, ioends, completion and error reporting, each in the specification's own words. */
import type { RuleText } from './rule.js';

export const writebackRules: readonly RuleText[] = [
  ['WB-01', 'Neither i_rwsem nor invalidate_lock is taken by writeback.'],
  ['WB-02', 'A folio is under writeback at most once at a time: dirty is cleared only while writeback is clear.'],
  [
    'WB-03',
    'Stores after step 3 redirty the folio (fault) and belong to a later writeback; the current I/O may carry old or new bytes of such a racing store, except on stable-page devices.',
  ],
  ['WB-04', 'Writeback from direct memory reclaim is refused with -EIO and a warning.'],
  [
    'WB-10',
    'Postcondition also on failure: folio not dirty, all D clear (also D of blocks behind EOF; exception: the folio skipped in step 1, H-4), writeback clears when the last submitted byte completes. Data that could not be mapped is lost from the cleaning point of view (bytes stay in cache, U, clean).',
  ],
  ['WB-11', 'Bytes of the last block behind EOF reach the device as zeroes.'],
  [
    'WB-12',
    'The mapping callback is consulted at least once per run of D blocks, hence per folio written. The fs may keep the mapping of the previous call if the position is inside and its own sequence stamps for the data fork (and copy-on-write fork) are unchanged; a cached COW mapping stays valid for its whole range because writeback holds the folio lock (XFS rule).',
  ],
  [
    'WB-13',
    'The callback may allocate for more than the folio (whole delayed extent, bounded by the fs), because the mapping cannot shrink under a locked folio except by fs-internal conversions; blocks of other folios must be allocated as UNWRITTEN.',
  ],
  [
    'WB-14',
    'The callback never returns DELALLOC or INLINE. HOLE is legal (racing truncate/punch, post-EOF D bits, redundant D bits of R-7, H-6, PC-77).',
  ],
  ['WB-15', 'The mapping is taken with the folio lock held: lock order folio → transaction start → mapping lock.'],
  [
    'WB-16',
    'Delayed blocks are converted to allocated-UNWRITTEN (or to real COW blocks) before the I/O is built, so an intermediate crash never exposes uninitialised blocks.',
  ],
  ['WB-20', 'piece does not have BOUNDARY'],
  ['WB-21', 'equal values of {SHARED, UNWRITTEN, DIRECT, DONTCACHE} ([S]: equal type and SHARED bit)'],
  ['WB-22', 'pos == ioend.offset + ioend.size'],
  ['WB-23', 'sector contiguous with the end of the bio (skipped for ANON_WRITE)'],
  ['WB-24', 'fewer than 4096 folios in it'],
  ['WB-25', 'bio has room ([N] also the device/integrity size limit). Then ioend.size += n; wpend accounting.'],
  [
    'WB-26',
    '[N] after adding: if ioend.offset+ioend.size > end then ioend.size = end - offset, with end of section 3 step 1 (folio end, or the isize sampled for this folio). This keeps later dsize updates byte exact; such an ioend no longer satisfies WB-22 for following data. [S] no trim: size is block rounded, so dsize may later be set up to min(isize, ru(..)).',
  ],
  ['WB-27', 'The bio always covers whole blocks (trim changes the logical size only).'],
  ['WB-28', 'A submission error for the old ioend is returned to the folio loop and handled as mapping error.'],
  [
    'WB-29',
    'At the end of the pass the pending ioend is submitted; if the pass failed, it is instead completed with the error through the normal completion path (so folios already marked get their writeback bit cleared). Submission hook runs in both cases. So one failed folio also fails the pending ioend, even where that carries other, healthy folios (they stay clean, unwritten, error recorded).',
  ],
  [
    'WB-30',
    'An ioend may be split at a block-aligned byte count into child + rest; the parent completes when all parts did; first error wins.',
  ],
  [
    'WB-40',
    'merge iff equal status, next lacks BOUNDARY, equal {SHARED, UNWRITTEN, DIRECT, DONTCACHE}, a.offset+a.size == b.offset, a.sector + a.size/512 == b.sector; [N] equal fs private pointer, neither is a read. Merged size is the sum.',
  ],
  [
    'WB-50',
    'writeback is cleared only after step 3. Hence "no writeback on the range" ⇒ conversions and size updates of completed I/O are in the in-core metadata and in a committed (maybe not durable) transaction.',
  ],
  [
    'WB-51',
    'Unwritten conversion covers exactly the ioend range; blocks of the same extent not in the I/O stay unwritten.',
  ],
  [
    'WB-52',
    'COW remap is per extent atomic: after a crash each block reads either old or new content, never zero or free space.',
  ],
  [
    'WB-53',
    'dsize never exceeds the end of data whose I/O completed successfully (append case), and never exceeds isize at the time of the update; a racing truncate-down wins (update under the inode/mapping lock re-reads isize). Not so in legacy ext4 (CR-50).',
  ],
  [
    'WB-54',
    'Failed I/O ⇒ dsize is not advanced by that ioend; other ioends further behind may advance it (then the failed part is a hole/unwritten range reading as zero, or, in a block written before, old-or-new sectors of this file; not stale bytes).',
  ],
  [
    'WB-55',
    'Completion may run after truncate started: truncate waits for folio writeback of removed folios, so conversions never touch blocks already freed (ext4 iomap path additionally drains writeback before removing extents [Q]).',
  ],
  [
    'WB-60',
    'Integrity writeback of a range followed by waiting on all folios under writeback in it covers every store that was in the cache (or in a dirty page table entry) before the call.',
  ],
  [
    'WB-61',
    'Waiting does not return while any part of a folio of the range is in flight, including deferred completion work.',
  ],
  ['WB-62', 'Device completion of the bio does not mean durability: a volatile cache needs FLUSH (crash.md).'],
  [
    'WB-70',
    'Sampling at open: if the current value has been seen by somebody ⇒ sample it; if it is an error nobody has seen yet ⇒ sample "older than it", so that the new descriptor will report it once.',
  ],
  [
    'WB-71',
    'fsync/fdatasync/sync_file_range-with-wait/O_SYNC write: after writeback+wait compare; if wb_err moved since f_wb_err ⇒ return its errno, set the seen bit, set f_wb_err to the current value. So: each descriptor reports each error event at most once, every descriptor open at the time of the event reports it exactly once, several events between two calls are reported once with the last errno.',
  ],
  ['WB-72', 'After the report a repeated fsync without new error returns 0, although the lost data was never written.'],
  ['WB-73', 'Pages whose writeback failed stay clean and uptodate; a later write to them redirties and retries.'],
  [
    'WB-74',
    "Internal callers (direct I/O pre-flush, FIEMAP/zero flush, truncate, punch) use the legacy flags: they return the errno and clear the flags, without consuming any descriptor's sequence. So fsync still reports. The errno may stem from an earlier background writeback; WB-71 clears the flags too.",
  ],
  ['WB-75', 'Post-write invalidation failure of a direct write sets wb_err to -EIO (direct-io.md DIO-52).'],
  [
    'WB-76',
    'In integrity mode an fsync whose *submission* failed with an errno other than -EIO still waits for what was submitted.',
  ],
  [
    'WB-77',
    'Reference encoding of the sequence: 32 bits; bits 0–11 errno (1…4095), bit 12 "seen", bits 13–31 counter. 0 = never any error. Recording: replace errno, clear seen, add one to the counter only if seen was set; if that changes nothing (same errno, not seen) no store. Sampling: value if seen else 0. Check-and-advance: if value ≠ sample then set seen, sample := value with seen, return errno. The counter may wrap after 2^19 seen events: an implementation should use a wider counter.',
  ],
  [
    'WB-78',
    'Worked case: fd1 open; error EIO; fd2 opens (sample 0); fd1.fsync → EIO; fd2.fsync → EIO; fd3 opens (seen ⇒ current) → fsync 0; error ENOSPC; error EIO before any sync; fd1, fd2, fd3 each → EIO once.',
  ],
  [
    'WB-80',
    'For each folio: (#bytes submitted) + (#bytes not submitted) = F.size; wpend returns to 0 exactly once per writeback cycle.',
  ],
  [
    'WB-81',
    'Each D byte below EOF at cleaning time is either in exactly one ioend of that cycle, or covered by HOLE (only if a truncate/punch/discard of that byte happened, or the byte is redundant in the sense of INV-12: R-7, H-6, PC-77), or the cycle recorded an error.',
  ],
  [
    'WB-82',
    'No device write covers a sector outside the union of mappings returned for that folio set; no write goes to a block owned by another file, nor to a SHARED *source* block (except identical bytes in case H-6).',
  ],
  ['WB-83', 'ioends of one file that overlap in file range are never in flight together (WB-02).'],
  ['WB-84', 'The set of final metadata effects does not depend on the completion order of ioends, nor on merging.'],
  ['WB-85', 'Merge/sort may not reorder two ioends with the same offset but different outcome into a single one.'],
];
