/** The rules of the specification about mapping records and iteration, each in the specification's own words. */
import type { RuleText } from './rule.js';

export const mappingRules: readonly RuleText[] = [
  ['MAP-01', 'iomap.offset <= pos < iomap.offset+iomap.length. The same for srcmap when its type is not HOLE.'],
  ['MAP-02', 'length > 0; offset+length does not overflow; for types with storage addr+length does not overflow.'],
  [
    'MAP-03',
    'For block-backed types offset and length are multiples of B (recommended check; exempt: INLINE, the block-device "file", and file systems with a byte-granular valid size).',
  ],
  ['MAP-04', 'A mapping may start before pos and may be shorter or longer than the request. Callers must trim.'],
  [
    'MAP-05',
    'HOLE is never returned when IOMAP_WRITE is set *without* UNSHARE, DAX included. Consequence when broken: direct write -EIO; buffered write would dirty cache with no backing (violates INV-12). WRITE+UNSHARE may get HOLE; it is skipped (MAP-34).',
  ],
  [
    'MAP-06',
    'HOLE and DELALLOC carry addr == NULLADDR. INLINE: addr has no meaning and is not checked (EROFS, gfs2 and the ext4 report put a device address there, others zero or NULLADDR); only inline_data counts.',
  ],
  [
    'MAP-07',
    'MAPPED and UNWRITTEN carry a valid addr and bdev (dax_dev under DAX), unless ANON_WRITE is set. One exception, under REPORT from SEEK only: a record UNWRITTEN+SHARED may carry NULLADDR (SEEK-06: a *delayed* copy-on-write extent relabelled UNWRITTEN); no I/O is ever built from it.',
  ],
  [
    'MAP-08',
    'INLINE: inline_data non-null; at most one INLINE mapping per file and it ends the file; buffered *writes* require offset == 0 (else -EIO); isize - offset <= length; [S] the buffer may not cross a page.',
  ],
  [
    'MAP-09',
    'DELALLOC is legal only for page-cache read/write/zero/fault and REPORT. Direct I/O turns it into -EIO; writeback must never see it.',
  ],
  ['MAP-10', 'Under ZERO without WRITE the fs must not allocate for holes; it returns HOLE and the library skips.'],
  ['MAP-11', 'Under REPORT or flags 0 nothing observable changes: no allocation, no reservation, no size change.'],
  ['MAP-12', 'REPORT may return -ENOENT for "nothing mapped from here"; FIEMAP treats it as end, others as error.'],
  ['MAP-13', 'The record returned by begin has STALE and SIZE_CHANGED clear.'],
  [
    'MAP-20',
    "NEW set if this very call created the space/reservation. On a record found existing it is a bug where it does harm: on written blocks (live data would be zeroed) and on DELALLOC (somebody else's reservation would be punched). On blocks that were *unwritten* before it is legal (ext4 direct writes, DAX writes). The record may begin before pos and end behind the request (hint rounding, speculative preallocation); all of it is new.",
  ],
  ['MAP-21', 'NEW: every byte of every block touched but not written by the operation must read as zero afterwards.'],
  [
    'MAP-22',
    'DIRTY must be set (a) on any record when the inode has metadata not yet durable that is needed to reach the range; (b) on records for DIRECT+WRITE (and DAX writes) when completion may change size: pos+length > isize with the *requested* length. Buffered-write records need not do (b). Missing DIRTY breaks O_DSYNC (direct-io.md DIO-26, DIO-39). Superfluous DIRTY is legal.',
  ],
  [
    'MAP-23',
    'SHARED on a write mapping: the target must be private to the file by the time data is visible; the old blocks are only replaced after the I/O completes (writeback.md WB-52, direct-io.md DIO-41).',
  ],
  [
    'MAP-24',
    'SHARED on a read/report mapping: the blocks have another owner, except the SEEK records of SEEK-06, where it marks the copy-on-write fork. Never set on HOLE.',
  ],
  ['MAP-25', 'BOUNDARY only has effect when the ioend starts exactly at offset.'],
  [
    'MAP-26',
    'ANON_WRITE is legal only if the caller supplies its own bio submission hook; otherwise the I/O fails -EIO.',
  ],
  ['MAP-27', 'ATOMIC_BIO requires that one mapping covers the whole remaining request; otherwise -EINVAL.'],
  [
    'MAP-28',
    'FOLIO_BATCH: the mapping must have been trimmed to the end of the scanned range, so that folios beyond a full batch are found by the next begin.',
  ],
  [
    'MAP-29',
    'ZERO_TAIL: after reading a block for a partial write, bytes from the end of the write to the end of the read run are zeroed in cache.',
  ],
  [
    'MAP-30',
    'NOWAIT: only try-locks; no metadata read, no allocation of blocks, no transaction wait (a delayed reservation needs none of these and is legal for buffered writes); the single mapping must span the whole request for direct writes; otherwise -EAGAIN *before* side effects.',
  ],
  [
    'MAP-31',
    'OVERWRITE_ONLY: mapping must be MAPPED spanning the request, or UNWRITTEN spanning it with pos and length both multiples of B; anything else -EAGAIN. DAX variant: MAPPED only. The check that the request lies inside isize is done by the library (DIO-07).',
  ],
  [
    'MAP-32',
    'FAULT: begin runs under a folio lock, so it may take only the mapping lock and below; it must not wait for writeback of that folio nor take i_rwsem.',
  ],
  [
    'MAP-33',
    'DAX write/fault: type MAPPED (blocks zeroed and converted inside begin), or SHARED with a srcmap. UNWRITTEN without SHARED is a bug (-EIO / SIGBUS).',
  ],
  [
    'MAP-34',
    'UNSHARE: the library only copies when iomap has SHARED and ([N]) srcmap.type == MAPPED; ([S]) SHARED and the source is neither HOLE nor UNWRITTEN. Everything else is skipped whole.',
  ],
  ['MAP-35', '-ENOTBLK from begin or end during direct I/O means "finish what was done, then fall back to buffered".'],
  ['MAP-36', 'An operation asked for zero bytes must not reach begin (callers filter).'],
  [
    'MAP-40',
    'For each begin that returned 0, iomap_end (if defined) is called exactly once, before any further begin of the same iteration and before the operation returns. It is not called for a begin that failed. Exception [N]: the simple direct read fast path calls begin once and never end (DIO-60); use it only with fs whose end is a no-op for reads.',
  ],
  [
    'MAP-41',
    'iomap_end arguments: pos = position at which this mapping was begun; length = effective length L at that position computed with the remaining length at begin time; written = bytes of progress (>= 0, <= length); flags = same value as begin; iomap = same record, with library flags possibly added.',
  ],
  ['MAP-42', 'written counts bytes the iteration advanced over, also for bytes merely skipped (holes in zero/seek).'],
  [
    'MAP-43',
    '[S] when the body ended with an errno, written is 0 even if bytes were copied earlier in the same mapping. [N] written is the true progress, also when the body ended with an errno.',
  ],
  [
    'MAP-44',
    'Delalloc cleanup duty: if type == DELALLOC and NEW and written < length, end must remove the unused part of the reservation over [W, ru(pos+length)), W = rd(pos) if written == 0 else ru(pos+written), except blocks that are dirty in cache (pagecache.md PC-50…). Nothing to do when W >= ru(pos+length).',
  ],
  ['MAP-45', 'Not NEW: end must not remove any reservation. FAULT: end must not remove any reservation.'],
  ['MAP-46', 'With SHARED set the reservation lives in the copy-on-write fork; cleanup must address that fork only.'],
  [
    'MAP-47',
    'SIZE_CHANGED seen by end: fs must mark the inode dirty (and may grow quotas); it must not set dsize to the new value before the data is on the device (crash.md).',
  ],
  [
    'MAP-48',
    'iomap_end runs without the mapping lock held by the library and may take it; it may take invalidate_lock for buffered writes, but for ZERO and UNSHARE the caller already holds it exclusively.',
  ],
  ['MAP-50', 'The fields and the cookie are sampled in one critical section of the mapping lock.'],
  [
    'MAP-51',
    'Every change to the mapping of any block (allocate, convert, remap, punch, reserve, unreserve) changes the cookie before the mapping lock is released. Cookies never repeat within the life of an inode (64-bit counter or pair of 32-bit counters; no ABA).',
  ],
  [
    'MAP-52',
    'The library asks iomap_valid(inode, iomap) (if defined; any type) exactly once per folio obtained in buffered write, zero and unshare, after the folio is locked and before any folio byte or state bit is looked at. Never in read, mkwrite (the folio lock is already held across begin), direct I/O, DAX, report, writeback (own check, WB-12).',
  ],
  ['MAP-53', 'Invalid ⇒ set STALE, unlock and drop the folio untouched, leave the loop body without error.'],
  [
    'MAP-54',
    'An fs may declare HOLE mappings always valid under ZERO (XFS does), relying on exclusive i_rwsem + invalidate_lock + the rule that writeback never creates data in a hole.',
  ],
  ['MAP-55', 'A fs with immutable mappings needs neither cookie nor check.'],
  ['MAP-60', 'iomap and srcmap are zeroed before every begin, including a re-begin after STALE.'],
  [
    'MAP-61',
    'STALE with or without progress ⇒ after end, begin is called again for the remaining range (unless an errno was reported or nothing remains).',
  ],
  ['MAP-62', 'No progress, no error, not STALE ⇒ iteration stops with 0 (silent end, not an error).'],
  ['MAP-63', 'Advancing by more than L ⇒ -EIO.'],
  ['MAP-64', 'The caller must keep calling until the result is <= 0, else a mapping leaks without end.'],
  [
    'MAP-65',
    'Operation result. Buffered write, DAX read/write: bytes of progress if any progress at all, else the errno (or 0); a later errno is dropped when there was progress (the next call will meet it again). Zero, unshare, truncate_page, mkwrite, SEEK, FIEMAP, swap: the errno if the iteration ended with one, whatever the progress. Direct I/O: DIO-46.',
  ],
  [
    'MAP-66',
    'Liveness: an adversary may make iomap_valid fail any finite number of times; the operation must still complete and produce the same final content as without the failures.',
  ],
  [
    'MAP-67',
    'What the body reports. Buffered write and direct I/O report an errno only if they made no progress *in this mapping*; with progress they end without errno, so the iteration goes on: end, then a further begin at the new position, which meets the cause again (second begin/end pair with written = 0). Exception: [S] buffered -EAGAIN (PC-31). Zero and unshare report the errno at once, also after progress.',
  ],
];
