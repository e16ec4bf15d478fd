/** The rules of the specification about direct I/O, each in the specification's own words. */
import type { RuleText } from './rule.js';

export const directIoRules: readonly RuleText[] = [
  ['DIO-01', 'Zero bytes ⇒ return 0, nothing else happens.'],
  ['DIO-02', 'Read with pos >= isz0 ⇒ return 0 without touching the cache.'],
  [
    'DIO-03',
    'Read: cache flush of [pos,pos+n): NOWAIT ⇒ -EAGAIN if any folio is dirty/under writeback; else write back and wait; its error is returned. No invalidation on reads.',
  ],
  ['DIO-04', 'Write: add WRITE; OVERWRITE_ONLY ⇒ see DIO-07; ATOMIC ⇒ pass IOMAP_ATOMIC.'],
  [
    'DIO-05',
    'Write under DSYNC: NEED_SYNC; if only data sync is wanted (not full SYNC): also WRITE_THROUGH (optimistic).',
  ],
  ['DIO-06', 'Write: if pos+n > isz0 completion must run in task context (size update).'],
  [
    'DIO-07',
    'OVERWRITE_ONLY: pos >= isz0 or pos+n > isz0 ⇒ -EAGAIN before anything else; begin gets IOMAP_OVERWRITE_ONLY.',
  ],
  [
    'DIO-08',
    'Write: cache flush + invalidation of the range: NOWAIT ⇒ -EAGAIN if any folio is cached in it; else write back, wait, then drop the folios. *Any* failure here, of the write-back (-EIO, -ENOSPC …) as well as of the drop, becomes -ENOTBLK ("use buffered I/O"), [N] -EAGAIN for ATOMIC requests; the errno itself is not returned (a write-back error stays in wb_err for fsync). Nothing has been written directly at that point.',
  ],
  ['DIO-09', 'dio_begin on the inode (counter > 0 until completion): truncate, punch, reflink wait for it to reach 0.'],
  [
    'DIO-20',
    'Alignment, only where bios are built (MAPPED; UNWRITTEN write): pos and mapping length L must be multiples of A, else -EINVAL. ([S] also buffer addresses/lengths must be sector/DMA aligned; [N] buffer alignment is checked while pinning pages.) pos+n not aligned shows up as misaligned L, possibly after earlier mappings were submitted; a fs may check pos and n first (XFS does for writes). Reads of HOLE/UNWRITTEN and INLINE transfers have no alignment rule: a misaligned read of a hole succeeds (seen on 6.18).',
  ],
  ['DIO-21', 'Zero-fill of HOLE/UNWRITTEN reads uses L bytes even beyond EOF; the excess is cut in DIO-45.'],
  [
    'DIO-22',
    'Sub-block zeroing needed iff type UNWRITTEN or flag NEW ("zeroout"). Head: zeroes for [rd(pos), pos) before the data. Tail: zeroes for [end, ru(end)) after the data, if zeroout or (write and end >= isize). end = end of what was really submitted, also when submission stopped early with an error. Zeroes go out as ordinary writes of the same request.',
  ],
  ['DIO-23', 'Hence no block changes from "never written" to "visible" with undefined bytes inside.'],
  [
    'DIO-24',
    'COW write: target = iomap, marked COW; partial blocks of a shared extent cannot be written directly (no source read here): the fs must refuse (XFS returns -ENOTBLK for unaligned writes to reflinked files).',
  ],
  [
    'DIO-25',
    'ATOMIC_BIO: mapping must cover the whole remaining length and one bio must take it all, else -EINVAL; nothing submitted.',
  ],
  [
    'DIO-26',
    'FUA: with WRITE_THROUGH still set and a mapping that is MAPPED, not SHARED, not NEW, not DIRTY, and a device that has FUA or no volatile cache ⇒ the bio carries FUA. Any bio that does not qualify clears WRITE_THROUGH for the whole request.',
  ],
  [
    'DIO-27',
    'Metadata work at completion is needed iff UNWRITTEN, SHARED, NEW, size extension or sync ⇒ completion in task context.',
  ],
  [
    'DIO-28',
    'Data is sent in bios of bounded size in increasing file order; they may complete in any order and tear at sector granularity.',
  ],
  [
    'DIO-29',
    'If a completion already reported an error, no further bio is submitted; the iteration stops. ([S] the bytes of the current mapping submitted so far are rewound and not counted; [N] they stay counted; the request fails anyway.)',
  ],
  [
    'DIO-30',
    'Page pinning failure: with progress in this mapping the progress counts, and the next round returns -EFAULT; without progress -EFAULT at once. Reference quirk: if the tail zeroing of DIO-22 then runs (its condition true at pos, and pos not block aligned) its 0 replaces -EFAULT, the iteration stops, and the write returns the bytes done so far, possibly 0 (seen on 6.18). New implementations return -EFAULT; a checker allows both.',
  ],
  [
    'DIO-31',
    'NOWAIT: begin returning -EAGAIN after earlier mappings were submitted ⇒ the request ends with error -EAGAIN although parts were written (fs avoid it by MAP-30: one mapping must span all).',
  ],
  ['DIO-35', 'Read: buffer position is rewound by pos_end - isz0 if the iteration went past isz0.'],
  ['DIO-36', '-EFAULT with size > 0 and PARTIAL ⇒ treated as success of size bytes; waits unless NOWAIT.'],
  [
    'DIO-37',
    '-ENOTBLK from begin/end ⇒ no error; wait for what was submitted; result = bytes done (possibly 0) and the fs continues buffered.',
  ],
  [
    'DIO-38',
    "Other errno ⇒ recorded as the request's error unless one is there already (first error wins, also against bio errors).",
  ],
  ['DIO-39', 'If WRITE_THROUGH survived ⇒ NEED_SYNC is dropped (all data already durable, no metadata pending).'],
  [
    'DIO-40',
    'Async and still in flight ⇒ -EIOCBQUEUED; request memory belongs to completion. Sync/FORCE_WAIT ⇒ wait uninterruptibly for all bios.',
  ],
  [
    'DIO-41',
    'On success of a write end_io converts UNWRITTEN → MAPPED / remaps COW for [pos, pos+size), *then* sets isize if extended, *then* dsize. (XFS: conversion transaction updates isize after conversion and dsize in the same transaction; with several unwritten extents both jump to the end of the request with the *first* one, FS-X6.)',
  ],
  [
    'DIO-42',
    'On error no conversion, no size change, COW blocks are left for cancellation. Bytes of MAPPED overwrites may have changed.',
  ],
  [
    'DIO-43',
    'isize may not be extended before the blocks are converted: else a concurrent direct read sees the new size and zeroes.',
  ],
  ['DIO-45', '(A positive return of end_io is taken as the result as it is; ext4 does that.)'],
  [
    'DIO-50',
    'It must come after conversion, otherwise a buffered read in between would cache zeroes of the unwritten extent.',
  ],
  ['DIO-51', 'Skipped only when completing in interrupt context with an empty cache.'],
  ['DIO-52', 'Failure to drop a folio: result stays success; wb_err gets -EIO and a warning is logged.'],
  ['DIO-44', 'its error becomes the result. 6. ret > 0 ⇒ ret += done_before.'],
  [
    'DIO-46',
    'A request with any error reports the error, never a short count, even if a prefix is on the device. Short counts arise only from EOF (read), PARTIAL, -ENOTBLK continuation, or a mapping that ended iteration with no progress (DIO-30).',
  ],
  [
    'DIO-47',
    'isize is not changed by a failed extending write. Blocks allocated beyond EOF by it stay unwritten (XFS) or are truncated via the orphan record (ext4).',
  ],
  ['DIO-48', 'Async error completions always run in task context.'],
  [
    'DIO-60',
    'dio_read_simple(iocb, buf, begin): one begin, no end, no iteration. Eligible: n <= B, range within isize, not encrypted, single MAPPED mapping covering the whole request, no integrity flag. Not eligible ⇒ -ENOTBLK *from this helper* and the caller uses the general path. Misaligned ⇒ -EINVAL; NOWAIT -EAGAIN is passed on. Same cache-flush and result rules as the general path.',
  ],
  [
    'DIO-70',
    "Two direct writes to different sectors of one block under shared lock are legal only as pure overwrites (no zeroout), else one's zeroes could destroy the other's data.",
  ],
  ['DIO-71', 'The fs must keep i_rwsem (shared at least) from before the flush of DIO-08 until submission ends.'],
  [
    'DIO-80',
    'After a successful direct write of [a,b) (and without concurrent mmap stores or buffered writes there), buffered and direct reads starting later return the new bytes. With concurrent mmap writers the cache may win or lose per page; result must be a mix of values actually stored, never stale disk bytes older than both (see INV-31).',
  ],
  [
    'DIO-81',
    'A direct read that starts after a successful buffered write/mmap store returned sees those bytes (flush in DIO-03), barring later writers.',
  ],
  [
    'DIO-82',
    'A page fault between DIO-08 and completion may re-instantiate cache with old bytes; DIO-50 removes it if clean. If it is dirty it stays and will overwrite the direct data later: legal race, reported by DIO-52.',
  ],
  ['DIO-83', 'Direct I/O never allocates delayed space and never leaves reservations.'],
  ['DIO-84', 'Each submitted sector lies in [rd(pos), ru(end)) of the mapping.'],
  [
    'DIO-85',
    'FUA/sync: when a DSYNC write returns success, data and metadata needed to read it back are durable (crash.md CR-20).',
  ],
];
