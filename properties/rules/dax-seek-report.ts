/** The rules of the specification about DAX, seek, and reports, each in the specification's own words. */
import type { RuleText } from './rule.js';

export const daxSeekReportRules: readonly RuleText[] = [
  [
    'DAX-01',
    'No unwritten extents are ever exposed to a DAX write: begin zeroes new or unwritten blocks *before* committing the mapping as MAPPED (reason: no completion callback exists; a crash after the commit must not expose old bytes).',
  ],
  [
    'DAX-02',
    "No validity cookie is used; the caller's locks (i_rwsem exclusive for writes, invalidate_lock for faults) make mappings stable.",
  ],
  [
    'DAX-03',
    'A hole read through a load is served by a shared read-only zero page entry; a later store faults again and allocates.',
  ],
  [
    'DAX-04',
    'At most one entry state per page index; entries are locked while a fault or a flush works on them; PTE-sized and huge entries that overlap exclude each other (fault falls back to the small size).',
  ],
  [
    'DAX-10',
    'Write requires i_rwsem exclusive; read requires it at least shared (unless read-only). Atomic requests are refused -EIO. 0 bytes ⇒ 0.',
  ],
  [
    'DAX-11',
    'Read: clipped to isize at each mapping; HOLE/UNWRITTEN ⇒ zeroes; MAPPED ⇒ copy. Reading starts at/after EOF ⇒ 0.',
  ],
  ['DAX-12', 'Write: mapping must be MAPPED, or SHARED (COW target, any backed type); else -EIO.'],
  [
    'DAX-13',
    'NEW or COW ⇒ before copying, drop the entries (zero pages / old frames) of the range from page tables, so that mmap sees the new bytes; for COW the dirty marks are cleared first so that the drop cannot fail.',
  ],
  [
    'DAX-14',
    'COW of partial pages: head and tail of the page are copied from the source mapping, or zeroed if the source is a hole/unwritten.',
  ],
  [
    'DAX-15',
    "Result: bytes done if any, else errno; a short copy stops; size update is the *caller's* job after the call (isize then dsize).",
  ],
  ['DAX-16', 'COW commit: iomap_end remaps written bytes (XFS), or cancels the COW blocks if written == 0.'],
  [
    'DAX-17',
    'Data written by write uses cache-bypassing copies or is flushed, but durability still requires fsync (metadata) — O_SYNC as usual.',
  ],
  [
    'DAX-20',
    'Caller holds invalidate_lock shared. Position beyond EOF ⇒ bus error. Flags DAX+FAULT (+WRITE when a shared mapping is stored to).',
  ],
  ['DAX-21', 'Private-mapping store: bytes copied (or zeroes) into an anonymous page; file untouched.'],
  ['DAX-22', 'Read fault: HOLE/UNWRITTEN ⇒ zero page; MAPPED ⇒ insert the frame read-only (or as mapping allows).'],
  [
    'DAX-23',
    'Write fault: mapping MAPPED or SHARED; insert entry, mark dirty; if SHARED copy the whole page from the source first; then map writable.',
  ],
  ['DAX-24', 'Mapping shorter than the fault unit: small unit ⇒ -EIO (corrupt fs); huge unit ⇒ fall back to small.'],
  [
    'DAX-25',
    'MAP_SYNC mapping with DIRTY metadata: the fault is returned "needs sync"; the fs runs data-sync of the page range and only then the entry is made writable. Post: a store through a MAP_SYNC mapping is durable after a CPU-cache flush, without fsync.',
  ],
  ['DAX-26', 'Huge fault preconditions: alignment equal, VMA and file cover the whole unit, not a private store.'],
  [
    'DAX-30',
    'dax_zero_range: source HOLE/UNWRITTEN ⇒ skip; SHARED ⇒ drop entries first; whole pages by device zeroing, partial pages by memset with copy-around for SHARED; flushes what it wrote. dax_truncate_page as in pagecache.md section 8.',
  ],
  [
    'DAX-31',
    'dax_file_unshare: range clipped to isize; extended to page boundaries; entries dropped; whole copy source → target; skip when MAP-34 says no.',
  ],
  [
    'DAX-32',
    'Dedupe compare iterates both files in lock step with flags DAX: HOLE/HOLE equal; HOLE vs other ⇒ different; else byte compare; length = min of the two mappings. dax_remap_file_range_prep = the generic checks + this compare.',
  ],
  [
    'DAX-33',
    'Writeback (integrity mode only): per dirty entry: lock, write-protect all views, flush CPU caches for the frame, clear dirty, unlock. Errors set wb_err.',
  ],
  [
    'DAX-34',
    'Before blocks are freed or moved (truncate, punch, reflink, collapse) the fs must break layouts: unmap and wait until no frame of the range is pinned.',
  ],
  ['SEEK-01', 'Result of SEEK_DATA d: d >= pos, d < isize; all bytes in [pos,d) read as zero.'],
  [
    'SEEK-02',
    'Result of SEEK_HOLE h: h >= pos, h <= isize. Bytes [pos,h) may or may not be zero (over-reporting data is legal), but h is a position from which SEEK_DATA does not return h itself unless state changed (or h == isize).',
  ],
  [
    'SEEK-03',
    'No byte with a non-zero value, written and not punched, may lie in a reported hole. In particular dirty cache over UNWRITTEN counts as data, also while the block is under writeback and not yet converted.',
  ],
  [
    'SEEK-04',
    'Clean zero-filled cache over UNWRITTEN counts as data (read populated it): allowed, non-deterministic with respect to reclaim.',
  ],
  ['SEEK-05', 'DELALLOC counts as data even if (transiently) not backed by dirty cache.'],
  [
    'SEEK-06',
    'XFS reports COW-fork extents over a data-fork hole as UNWRITTEN+SHARED so that the cache is searched; also a *delayed* COW extent, then with addr == NULLADDR. So clean cached zeroes over a hole count as data while copy-on-write space (32 blocks around a written shared block by default) is reserved there. Only the SEEK operations see this; FIEMAP and reads of the same file see HOLE.',
  ],
  [
    'SEEK-07',
    'Position is not bounded to blocks: with byte-exact sizes results are block aligned, or equal to pos, or isize, or a byte-granular valid size.',
  ],
  [
    'SEEK-08',
    'ext4: caller holds i_rwsem shared: results are consistent against buffered writers that hold it exclusive, not against mmap stores or writeback. XFS: *no* lock above the mapping lock is held: the search interleaves per mapping with writers, truncate and fallocate too, and a result is only guaranteed when no such operation overlaps it in time; isize is sampled once at the start.',
  ],
  [
    'FM-01',
    'Only FLAG_SYNC is honoured by the library (plus fs own flags): SYNC ⇒ write back and wait for the whole file first, error returned.',
  ],
  ['FM-02', 'Iterate [start, start+len) with REPORT. HOLE ⇒ nothing emitted. -ENOENT ⇒ end without error.'],
  [
    'FM-03',
    'Emission lags by one: a mapping is emitted when the next non-hole mapping is known; the final one carries LAST. LAST means "last found in the requested range", not necessarily last of the file.',
  ],
  [
    'FM-04',
    'Each emitted extent: logical = mapping offset, length = mapping length (whole mapping as returned by the fs, may begin before start), physical = addr or 0 when NULLADDR; flags: DELALLOC ⇒ DELALLOC|UNKNOWN; UNWRITTEN ⇒ UNWRITTEN; INLINE ⇒ DATA_INLINE(+NOT_ALIGNED); F_MERGED ⇒ MERGED; F_SHARED ⇒ SHARED.',
  ],
  [
    'FM-05',
    'Caller array of size 0 ⇒ only count. Array full ⇒ stop, success, no LAST unless the stored one was the last.',
  ],
  [
    'FM-06',
    'Emitted extents are ordered by logical offset and do not overlap (fs returning stable maps under i_rwsem shared).',
  ],
  [
    'FM-07',
    'Union of extents = complement of holes at each begin instant; not one atomic snapshot (mapping lock is dropped between mappings).',
  ],
  [
    'FM-08',
    'Coherence with SEEK: on a quiescent, synced file without cached pages every byte reported data by SEEK_DATA lies in an extent of FIEMAP. With cached pages XFS breaks this over copy-on-write preallocation (SEEK-06, seen in the fsx recordings); every *non-zero* byte always lies in an extent.',
  ],
  [
    'BM-01',
    'Write back and wait for the whole file first; failure ⇒ 0. One mapping for the block with REPORT (older code: flags 0).',
  ],
  [
    'BM-02',
    'MAPPED ⇒ device block number in units of B (0 if it does not fit 31 bits is legal); every other type, or error ⇒ 0. 0 is the only error code.',
  ],
  ['BM-03', 'File systems with sharing or several devices answer 0 always.'],
  [
    'SW-01',
    'Allowed types MAPPED and UNWRITTEN. INLINE, HOLE, DELALLOC ⇒ -EINVAL. F_DIRTY ⇒ -EINVAL. F_SHARED ⇒ -EINVAL. other device ⇒ -EINVAL.',
  ],
  ['SW-02', 'Adjacent mappings with contiguous addr are joined (MAPPED and UNWRITTEN are not distinguished).'],
  [
    'SW-03',
    'Each joined extent is shrunk to whole physical pages: start rounded up, end rounded down *in device address space*; empty ⇒ skipped.',
  ],
  [
    'SW-04',
    'Extents are handed over in order with consecutive swap page numbers; the page holding file offset 0 is the header and does not count for the lowest address; [N] the total is capped by the limit in the descriptor.',
  ],
  ['SW-05', 'No usable page ⇒ -EINVAL. Result = number of extents; span = 1 + highest page − lowest page.'],
  [
    'SW-06',
    'After activation the kernel writes to those blocks directly: unwritten extents stay unwritten in metadata (reads through the file would return zeroes).',
  ],
  [
    'RP-01',
    'No begin of these operations may allocate, reserve, convert or dirty anything (MAP-11), except the explicit syncs above.',
  ],
  ['RP-02', 'They must work on a read-only or shut-down-for-write instance; a shut-down fs returns -EIO.'],
  [
    'RP-03',
    'Report under concurrent writers returns for each sampled mapping a state that existed at one instant while the mapping lock was held.',
  ],
];
