/** The rules of the specification about the page cache, buffered read and write, faults, zeroing, failure cleanup, each in the specification's own words. */
import type { RuleText } from './rule.js';

export const pagecacheRules: readonly RuleText[] = [
  ['PC-01', 'U[i] ⇒ the bytes of block i in memory are the current file content (possibly zero because of a hole).'],
  [
    'PC-02',
    'folio uptodate ⇔ all U set, whenever a block state exists and no read of the folio is in flight. Creating a block state on an uptodate folio sets all U; on a dirty folio sets all D.',
  ],
  [
    'PC-03',
    'some D[i] set ⇒ folio dirty, or its writeback is between clearing dirty and clearing D (folio locked); exception H-4. The converse "folio dirty with block state ⇒ some D" may fail only after a partial invalidation ([N] PC-91) and in the corner "folio marked dirty with zero bytes copied" (H-2; do not reproduce).',
  ],
  ['PC-04', 'D[i] ⇒ U[i]. Stores through mmap only reach uptodate folios, buffered writes set U before D.'],
  [
    'PC-05',
    'rpend/wpend equal the bytes submitted and not completed, plus a bias held by the submitting code: [S] read none, write +1; [N] both start at F.size and the part not submitted is subtracted at the end.',
  ],
  ['PC-06', 'The block state may be freed only when rpend == wpend == 0 and (all U set ⇔ folio uptodate).'],
  [
    'PC-07',
    'Readers of an uptodate folio take no folio lock. Therefore a byte must hold final content before the U bit (or folio uptodate) covering it is published. See hazard H-1 at the end: the reference code breaks this for bytes about to be overwritten; a new implementation must not.',
  ],
  [
    'PC-08',
    'A folio may be redirtied while under writeback (unless the device demands stable pages, in which case the writer waits for writeback before modifying). Then dirty and writeback are both set.',
  ],
  [
    'PC-10',
    "Default: look up the index of pos; create if absent with a size hint of len (order limited by the mapping's maximum and natural alignment); return it locked, with a reference, after waiting for stable-page writeback if the device requires it. Without large-folio support the length is first trimmed to one base page.",
  ],
  ['PC-11', 'Under NOWAIT the lookup must not sleep: -EAGAIN if the lock is taken, or memory would block.'],
  [
    'PC-12',
    '[N] With FOLIO_BATCH the next folio of the batch is locked instead; none left ⇒ no folio (end of batch); a folio that left the mapping ⇒ mark STALE and no folio.',
  ],
  [
    'PC-13',
    'A fs get_folio hook may start a transaction; its put_folio is then called exactly once for each success, also on error paths, with the number of bytes written (0 on failure), and must unlock and release the folio.',
  ],
  [
    'PC-20',
    'the run is *zero-filled* when the source type is not MAPPED, or the source has NEW, or the run starts at or after isize; otherwise it is read from the device. U is set at once for zero-filled runs, at I/O completion (success only) for read runs.',
  ],
  [
    'PC-21',
    'After a fill every *whole block* at or behind isize is zero. The tail of the block that contains EOF is taken from the device as it is: zero if WB-11/DIO-22 produced it, but possibly older bytes of the same file after a crash, after another writer than the library, or on foreign images. It is not readable; therefore every path that raises isize across it must overwrite or zero it (PC-65, FS-X7, CR-83). A new implementation may zero it at fill.',
  ],
  [
    'PC-22',
    'A failed block keeps U clear; the folio stays not uptodate; other blocks of it may be U. A reader needing it gets -EIO (the operation itself returns 0). [S] also sets a folio error flag; [N] has none and emits an error event.',
  ],
  ['PC-23', 'A begin error ends the walk; blocks done so far keep their state; the folio is unlocked not uptodate.'],
  ['PC-24', 'Re-reading a partially uptodate folio never overwrites blocks with U set (they may be newer than disk).'],
  ['PC-25', 'Folios of the window not reached are unlocked not uptodate by the caller.'],
  [
    'PC-26',
    'Insertion of folios and bringing them uptodate happens under invalidate_lock shared (readahead, fault, read).',
  ],
  [
    'PC-27',
    'A read of a not-uptodate folio first tries is_partially_uptodate(from,count): true iff a block state exists and all blocks touched by [from, from+count) (clipped to the folio) have U. Without block state the answer is false.',
  ],
  ['PC-28', 'read returns at most isize - pos bytes; isize is sampled after the folio is known uptodate.'],
  ['PC-30', 'Result: bytes written if any, else errno. iocb position advances by exactly that amount.'],
  [
    'PC-31',
    '[S] NOWAIT quirk: -EAGAIN in the loop rewinds the source and reports -EAGAIN for the current mapping although earlier folios of the same mapping are already dirty and isize may have grown. [N] reports the short count.',
  ],
  [
    'PC-32',
    'Byte order: after a successful return of w bytes each written byte is visible to every later read and mmap load.',
  ],
  [
    'PC-33',
    'isize grows only in step 8 (folio locked, bytes already in place): an observer that sees the new size and then reads gets the new bytes. Zero and unshare never change isize.',
  ],
  ['PC-34', 'The folio is dirty and its touched blocks have D before the folio lock is released.'],
  [
    'PC-40',
    'If the write covers the whole folio and the operation is not UNSHARE: nothing is read, no block state is created.',
  ],
  [
    'PC-41',
    'Otherwise create a block state if n>1 blocks (NOWAIT and no memory ⇒ -EAGAIN); if the folio is uptodate, done.',
  ],
  [
    'PC-42',
    "For each run of not-U blocks inside the block range (runs as in 3.1, EOF cut included): - run entirely inside [f,t) and not UNSHARE ⇒ leave alone (will be overwritten); - zero condition PC-20 holds ⇒ zero the run's bytes outside [f,t); under UNSHARE this is an error (-EIO); - else read the run synchronously from the *source* mapping (srcmap if present, else iomap); under NOWAIT -EAGAIN; with ZERO_TAIL zero [t, run end) afterwards; - then U is set for the run. A run is treated as a whole: the zero condition is taken at its first byte, and a partly overwritten run is read (or zeroed outside [f,t)) whole, including blocks in its middle that will be overwritten completely.",
  ],
  [
    'PC-43',
    'Consequence: only the first and the last partially written, not-U blocks *need* old content; blocks with U are never read; blocks of holes/unwritten/delalloc/new extents or beyond EOF are zero-filled, never read from disk.',
  ],
  [
    'PC-44',
    'INLINE: only a mapping with offset == 0 can be written; the whole inline content is brought into the folio.',
  ],
  [
    'PC-45',
    'drop beyond EOF: if pos+n > isize, remove the cache in [max(pos,isize), pos+n) (whole folios dropped, partial folios zeroed and partially invalidated). Cache inside isize is never dropped by a failed write.',
  ],
  [
    'PC-46',
    'Blocks made U by preparation stay U (they hold right content); they are clean, hence they must not keep a reservation.',
  ],
  [
    'PC-50',
    'A block is *kept* iff its first byte is below min(isize,b), it is cached U, in a dirty folio, and (no block state or D set). So the block that holds EOF is kept when dirty. All other blocks of [a,b) are passed to punch exactly once, as whole blocks.',
  ],
  [
    'PC-51',
    'punch removes only delayed reservations, leaves any other extent untouched, is atomic under the mapping lock, and must not lock folios (one may be held by the scan).',
  ],
  ['PC-52', 'Clean U folios are punched too: their content is either zero (read fault) or already written back.'],
  [
    'PC-53',
    'With invalidate_lock exclusive no fault can instantiate or dirty a folio during the scan; writeback can clean one (then its reservation is already converted and the punch is a no-op there).',
  ],
  [
    'PC-54',
    'Worked case: B=1024, folio 4096 at 0, reservation [0,8192) NEW, write of [0,8192) stopped after 1500 bytes, meanwhile a fault dirtied folio [4096,8192) whole, isize=8192 ⇒ a = 2048. U range [0,2048) not scanned. Scan finds [4096,8192) U: punch(2048,2048), then per-block none clean ⇒ ps=8192, end. Kept: [0,2048), [4096,8192).',
  ],
  [
    'PC-55',
    'Same but isize = 4096 when end runs ⇒ e=4096, punch [2048,8192) whole (dirty blocks beyond EOF will never be written, so they may not hold space).',
  ],
  [
    'PC-56',
    'B=4096, sparse file of isize 5000, write of [0,8192) reserves [0,8192) NEW and stops after 4096 bytes; meanwhile a fault dirtied [4096,5000) ⇒ a=4096, e=5000, U range [4096,5000) dirty, ps=8192: nothing is punched, block 1 is kept. Punching [5000,8192) and rounding outward (reference, H-7) takes the reservation from a dirty block: the store is lost at writeback.',
  ],
  ['PC-60', 'The folio is uptodate on entry.'],
  ['PC-61', 'No validity check: begin is called under the folio lock.'],
  [
    'PC-62',
    'If begin fails on a later mapping of the folio, earlier reservations stay (they are backed by the dirty folio).',
  ],
  ['PC-63', 'Writeback write-protects all views before it clears dirty, so each store after that faults again.'],
  [
    'PC-65',
    'Applies only if B < P, to > ru(from) and ru(from) is not page aligned; then, if the folio containing from is cached: lock it; write-protect all views (if one was dirty, mark the folio dirty); [N] if the folio is dirty, zero bytes [from, min(to, F.end)); unlock.',
  ],
  [
    'PC-66',
    'Purpose: blocks of that folio behind the old EOF had no space; the next store must fault so that space is reserved, and bytes scribbled behind EOF through mmap must not surface as file content.',
  ],
  [
    'PC-70',
    'Postcondition [N]: every byte of [pos,pos+len) below isize reads as zero (cache and later disk), no block outside the range changes, no allocation happens for holes. The range is *not* clipped at isize: paths that extend the file call it with pos = isize before raising isize (FS-X7, FS-X9), and then the bytes of the EOF block (and of any MAPPED, DELALLOC or dirty block) at and behind isize are zeroed in the cache as well.',
  ],
  ['PC-71', 'Zeroing must not start in a folio wholly beyond isize (warn): such zeroes would never be written back.'],
  [
    'PC-72',
    'did_zero becomes true iff at least one byte was stored. A variant where only a skipped batch happened must leave it false (fix in [N]; older reference code may report true without a store, which only causes a flush more).',
  ],
  [
    'PC-73',
    'Zeroed blocks become U+D; on a partially zeroed not-U block the rest is read or zero-filled as for writes.',
  ],
  ['PC-74', 'The batch lookup is done by the fs inside begin and must trim the mapping to the scanned end (MAP-28).'],
  [
    'PC-75',
    'Fs with copy-on-write forks must handle "hole in the data fork, reservation in the COW fork, dirty cache": report the COW mapping with a batch if dirty folios exist, else the hole.',
  ],
  [
    'PC-77',
    'Linux 6.12 … 7.0 shapes of the same rule (6.18 is the recorded one): rd0 makes HOLE flush as well as UNWRITTEN; and (6.13 up to and including 6.18) if pos is not block aligned and the folio there is dirty, the part up to the block end is zeroed through the cache first, *whatever the mapping type*, so zeroes may be stored and D set over HOLE or UNWRITTEN. Over HOLE the D block is redundant (INV-12) and writeback answers HOLE. Seen on 6.18: B=1024, block 0 dirty, block 1 a hole, truncate to 1500. Result equal to PC-70.',
  ],
  [
    'PC-76',
    'Used on truncate-down to the new EOF block before the size changes; everything behind is removed by truncation of the cache.',
  ],
  [
    'PC-80',
    'Postcondition: content unchanged, all blocks of shared extents in the range are dirty in cache with a private target; sharing ends when that writeback completes.',
  ],
  ['PC-81', 'Zero-fill of a run under UNSHARE is an error.'],
  [
    'PC-90',
    "release: refused if dirty (a partially dirty folio's D bits would be lost); else block state freed, folio may be dropped. Precondition: no writeback.",
  ],
  [
    'PC-91',
    'invalidate(offset,len) of the whole folio: precondition not under writeback; cancel dirty; free block state. Partial: [S] no state change; [N] clear D of the blocks *fully inside* the range (first block rounds up, last rounds down), so a punched delayed block is not dirty any more. U bits are not changed (bytes were zeroed by the caller).',
  ],
  [
    'PC-92',
    'Truncate of cache [a,b): whole folios: wait for writeback, unmap, invalidate, remove. Partial folio: wait for writeback, zero the bytes of the range, partial invalidate, try to split a large folio (needs release, so a dirty folio with block state is not split); a *clean* large folio that cannot be split is dropped whole (its bytes are re-read later).',
  ],
  [
    'PC-93',
    'invalidate2 (direct I/O): drops clean folios of the range after unmapping; fails -EBUSY if one is dirty, under writeback after waiting, or cannot be released. Partial progress allowed.',
  ],
  [
    'PC-94',
    'Migration moves bytes, flags and block state to a new folio under the folio lock with extra references excluded and no writeback; a transparent operation: no observable change. Same for splitting except U bits may be lost (re-read later).',
  ],
  [
    'PC-95',
    'Reclaim drops only clean, unlocked, not-writeback folios without extra references; dropping is always legal and must never change what reads return, with one exception: blocks whose writeback failed (WB-73) fall back to what the map and the device hold. Dirty folios are never dropped except by truncate/punch or after writeback (even failed).',
  ],
  ['PC-96', 'dirty_folio (from unmap or mkwrite) creates block state if missing and sets all D.'],
  [
    'H-1',
    'Preparation marks a zero-filled run U (possibly the folio uptodate) *before* the copy. If the copy is then short, the write is accepted because the folio looks uptodate, and bytes [f+c,t) of a freshly allocated page stay undefined though flagged U (visible when EOF lies behind, e.g. a write into a hole). Rule: publish U for [f,t) only after the copy, or zero [f+c,t) of blocks that were not U before. Test: user buffer that ends inside the write. (Measured on Linux 6.18, XFS, 200 of 200 tries: 100 accessible bytes of 200 written into a hole ⇒ returns 100, the next 100 bytes read as old memory contents. A mount campaign with such buffers reports it as known; INV-25, INV-32.)',
  ],
  [
    'H-2',
    'write_end with c == 0 on an uptodate folio computed a D range of length zero wrongly (old code) and still marks the folio dirty. Rule: zero bytes ⇒ no state change.',
  ],
  ['H-3', '[S] zero_range over unwritten/hole with dirty cache (section 8).'],
  [
    'H-4',
    'A folio wholly beyond EOF skipped by writeback keeps D bits though its dirty flag was cleared; it must be removed by the truncate that caused it before isize can grow over it again.',
  ],
  [
    'H-5',
    '[S] partial invalidate leaves D set on punched blocks; writeback then finds a HOLE for a D block and must skip it.',
  ],
  [
    'H-6',
    'A write fault sets all D bits at the first mapping of the folio (section 6 step 3). If begin fails for a later mapping of the same folio, D stays set on blocks without reservation. Their bytes equal what the map yields (nothing was stored), so writeback may skip them (HOLE) or rewrite identical bytes, even into a *shared* block. A new implementation should set D per mapping handled; a checker must accept the redundancy clause of INV-12 and INV-41. (Own conclusion from iomap_folio_mkwrite_iter and iomap_dirty_folio.)',
  ],
  [
    'H-7',
    'The reference ends the scan of section 5 at the byte isize and hands [isize, b) to the fs, which rounds the start *down* to a block: when isize is inside a block, the reservation of a dirty EOF block is punched (PC-56). Measured on Linux 6.18, XFS: the mapped store is gone after fsync (returning 0) and reclaim. Needs a write fault during a failing write, so only schedules with both see it; report as known for the reference, fail a new implementation.',
  ],
  [
    'H-8',
    'A copy that write_end rejects (w = 0 with c > 0) has already changed bytes of blocks that were U, without D. The retry with n = c normally rewrites and marks them; if it is cut off (fatal signal, source gone) the cache differs from the device although clean. Rule: mark, or restore, before unlocking.',
  ],
];
