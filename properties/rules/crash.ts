/** The rules of the specification about transactions, durability and recovery, each in the specification's own words. */
import type { RuleText } from './rule.js';

export const crashRules: readonly RuleText[] = [
  [
    'CR-01',
    'Sector atomicity: a crash leaves each sector either with the bytes of some write or its former bytes, never a mixture. Sectors of one write are independent (torn writes), except ATOMIC writes, which are all-or-nothing over their length.',
  ],
  [
    'CR-02',
    'A write is *durable* if (a) FUA and completed, or (b) some FLUSH was issued after its completion and completed, or (c) the device has no volatile cache and the write completed.',
  ],
  [
    'CR-03',
    'Candidates of sector s at a crash: let d = the last durable write to s (or the initial bytes); cand(s) = {d} ∪ {every write to s that is not durable and was not completed before d was issued}. The post-crash bytes are any element, chosen per sector independently. (Writes in flight may land or not.)',
  ],
  [
    'CR-04',
    'A failed write leaves each of its sectors with old, new, or (model option "garbage on error") arbitrary bytes; default old-or-new.',
  ],
  [
    'CR-05',
    'A FLUSH that fails gives no guarantee; a later successful FLUSH still makes earlier *successful* writes durable (model option: failed flush drops the cache).',
  ],
  [
    'CR-06',
    'Several devices (data, log, realtime) have independent caches; ordering between them exists only through completed FLUSHes.',
  ],
  [
    'CR-10',
    'Transactions are totally ordered t1 < t2 < … by commit. After recovery exactly a prefix t1..tk is applied. k >= the last transaction covered by a completed log force (and any force that happened in the background).',
  ],
  [
    'CR-11',
    'A log write (commit record) is issued with PREFLUSH+FUA when log and data share a device: every data write *completed* before the log write was issued is durable when the record is. With a separate log device the data device is flushed before.',
  ],
  [
    'CR-12',
    'A transaction that makes bytes reachable (unwritten→mapped, COW remap, dsize growth) is created only after the data write completed (WB-50, DIO-41). With CR-10, CR-11: *recovered metadata never show, below dsize, MAPPED blocks whose data write was not durable before the record*. (Legacy ext4 data=ordered reaches the same by forcing the data before the commit, but raises dsize already at submission, CR-50; ext4 extending direct writes allocate written blocks, but behind dsize, CR-53.)',
  ],
  [
    'CR-13',
    'Freeing transaction before reuse: a freed block may be reused for other data only such that no recovered prefix maps a block into two files (log order + busy- extent tracking; ext4 frees blocks for reuse only after commit).',
  ],
  [
    'CR-14',
    'Unlinked/truncating inodes with more work than one transaction are remembered on an orphan/unlinked list; recovery finishes the job.',
  ],
  [
    'CR-20',
    `fsync(f) returning 0 at time T: for the state "all stores and size changes of f that happened before the call": all data durable, and all metadata needed (extent map, dsize, and other attributes) in the durable prefix. Sequence: integrity writeback + wait (incl. deferred completion) → error check → flush of a separate data device → log force up to the inode's last change → FLUSH of the data device if the force did nothing.`,
  ],
  [
    'CR-21',
    'fdatasync: same, but metadata not needed to read the data back (timestamps) may be missing. Size and mapping changes are needed.',
  ],
  [
    'CR-22',
    'O_SYNC / O_DSYNC write = write followed by range fsync / fdatasync of the written range; direct pure overwrite may use FUA instead (DIO-26, DIO-39).',
  ],
  [
    'CR-23',
    'Direct write without O_*SYNC returning success: data is completed but not necessarily durable; its metadata transactions exist but are not necessarily durable.',
  ],
  [
    'CR-24',
    'msync(MS_SYNC) = *fdatasync* (CR-21) of the pages of the range. sync_file_range gives no durability of metadata, and no cache flush.',
  ],
  [
    'CR-25',
    'A sync that returns an error promises nothing about the part that failed; it must not make the *other* parts less durable.',
  ],
  [
    'CR-26',
    'fsync of a file makes its own creation durable on XFS and ext4 (its inode and, in practice of both journals, the whole prefix before it); portable programs fsync the directory. A model may treat directory entries as belonging to the same prefix.',
  ],
  [
    'CR-30',
    '*Stale exposure* at a crash or at run time: a read of file f at offset x returns bytes whose tag is not (f, x, any version) and which are not zero-by-rule.',
  ],
  [
    'CR-31',
    'Zero-by-rule: block is a hole, unwritten, behind the write inside a NEW block, or skipped by extension; or the byte was zeroed by truncate, punch or zero (these are stores of the value 0: a version of (f, x)).',
  ],
  [
    'CR-32',
    'XFS-like and ext4-like file systems: no stale exposure ever, with or without sync, in every post-crash state. ext2-like: exposure possible for files not synced.',
  ],
  [
    'CR-33',
    'Old versions of (f,x) are allowed unless a sync covered a newer one; *mixing* versions at sector granularity inside a block is allowed for in-place overwrites.',
  ],
  [
    'CR-34',
    'Operations that move or share blocks re-tag: collapse, insert, clone, exchange (and in-kernel copy by clone) count as stores, at the new place, of the versions that stood at the old place; when such an operation is durable only in part (CR-45), each byte carries the tag of the place it has in the recovered layout. So block contents with the tag (f, y), y ≠ x, or of the clone source, are not stale exposure when such an operation put them there.',
  ],
  [
    'CR-40',
    'dsize in R ≤ max isize that f ever had since its last durable truncate; every byte x in [0,size) is one of: a value that f held at x at some time since the last completed covering sync (or at that sync), or 0 if x was, at some time since then, in a hole/unwritten/unsynced-new block.',
  ],
  [
    'CR-41',
    'Append of data [A,A+n) never synced: R shows size <= A, or size in (A, A+n] where each byte of [A,size) is correct or zero, zero only if its block had not been converted in prefix k (ioends finish in any order, so a later one may raise dsize first; a direct write over several unwritten extents raises it with the first, FS-X6); never stale. [N] size is byte exact (WB-26); [S] size may be rounded up to a block inside a racing append, exposing zeroes where data was acknowledged but not synced.',
  ],
  [
    'CR-42',
    'Overwrite of MAPPED unshared blocks: per sector old or new. Overwrite of SHARED blocks: per remapped extent old or new (never torn inside what one remap transaction moves, apart from blocks not remapped).',
  ],
  [
    'CR-43',
    'Write into unwritten/hole: per converted range new, otherwise zero; within a converted range every sector new (CR-12), no tearing.',
  ],
  [
    'CR-44',
    'Truncate-down to n not synced: old or new size; if new, and the file is later extended (also unsynced), bytes [n, …) read zero or newer data — never the old tail. Required: the zeroed tail of the EOF block is on the device before any later dsize growth across it becomes durable (simplest: before the transaction that sets dsize = n, as ext4 patch 17 does; or by delaying growth, CR-51). *Reference gap*: XFS flushes [dsize, new) at truncate, which is an empty range when n < dsize; a later append whose ioend commits a larger dsize before the zeroed EOF block is written shows the old tail after a crash (same file, older version, so not a stale exposure by CR-30). (A truncate *up* right after it does flush from dsize and writes the tail.) A proposed XFS change starts the flush at the smaller of both sizes. New implementations must close the gap; a checker of the XFS-like profile flags it as known (R-23).',
  ],
  [
    'CR-45',
    'punch/zero/collapse/insert: atomic per transaction step; between steps intermediate block layouts may be seen, but no stale exposure.',
  ],
  ['CR-46', 'rename-over after fsync of the new file: name points to old or new file, both complete.'],
  [
    'CR-50',
    'data=ordered, legacy buffer path: when a transaction adds *written* blocks to f, the commit first forces those data ranges to the device. With dioread_nolock (default) new blocks are unwritten and converted after I/O, so ordering only matters for size extension and for partial-block zeroing. dsize of a delayed-allocation append grows in the transaction that allocates, at *submission* of writeback (min of end mapped so far and isize), before the data is complete: after a crash the larger size with zeroes (unconverted) is allowed, CR-41.',
  ],
  [
    'CR-51',
    'iomap path (2026 series): no ordered mode at all; guarantee comes from (a) new blocks always unwritten, (b) dsize updated only in the ioend worker, (c) explicit write-out of a zeroed partial EOF block before the transaction that changes dsize (truncate; later versions: a per-inode "disk-size growth pending" state delays every dsize update until the zeroed EOF block is on the device).',
  ],
  [
    'CR-52',
    'data=writeback: metadata prefix only; stale exposure possible in newly written (not unwritten) blocks. data=journal: bytes go through the journal: per-transaction atomic.',
  ],
  [
    'CR-53',
    'Extending direct write: inode on the orphan list before allocation; recovery truncates to dsize. So blocks beyond dsize vanish.',
  ],
  [
    'CR-54',
    'Journal recovery applies committed transactions only; a data-write error under data_err=abort aborts the journal: later transactions never become durable, fsync returns error.',
  ],
  ['CR-55', 'Fast commits (optional) only make the same prefix durable in another encoding; a model may ignore them.'],
  ['CR-56', 'Without a journal ext4 behaves as ext2-like.'],
  ['CR-60', 'A checker should restrict to "synced and untouched since ⇒ intact".'],
  [
    'CR-70',
    'Store durable after CPU-cache flush + fence if the mapping metadata is durable. fsync flushes dirty entries then forces the log. MAP_SYNC: see DAX-25.',
  ],
  [
    'CR-71',
    'New DAX blocks are zeroed durably before the allocating transaction commits ⇒ no stale exposure. Store atomicity: 8 aligned bytes.',
  ],
  [
    'CR-80',
    'dsize <= isize except transiently inside a size-changing operation that holds L1 exclusive: truncate-down sets isize first and dsize in its transaction later; insert/truncate-up may set dsize a step earlier.',
  ],
  [
    'CR-81',
    'Paths that raise dsize: ioend append, direct end_io, DAX write end, truncate-up/fallocate transaction, clone/exchange beyond EOF, inline write, ext4 non-delalloc write_end and ext4 delalloc writeback submission (legacy, CR-50).',
  ],
  ['CR-82', 'A file read after crash never has size > what some completed operation established.'],
  [
    'CR-83',
    'Truncate-up: dsize may be raised without data; the bytes [old isize, new) must be holes/unwritten or zeroed *and written* EOF block, because cached zeroes of the old EOF block may be lost: bytes of the old EOF block behind the old dsize on disk must be zero before the larger dsize becomes durable.',
  ],
  [
    'CR-90',
    'Data whose writeback failed and was reported by fsync is unspecified: last durable or any candidate, or zero if unconverted; no stale exposure.',
  ],
  ['CR-91', 'After shutdown (forced or journal abort) nothing new becomes durable; remount recovers the prefix.'],
  ['CR-92', 'Discarded folios (mapping failure) leave hole/unwritten/old data.'],
];
