/** The rules of the specification about how sample file systems answer, each in the specification's own words. */
import type { RuleText } from './rule.js';

export const filesystemsRules: readonly RuleText[] = [
  [
    'FS-X1',
    'map_blocks: cached mapping valid? (WB-12) else look at COW fork first: COW extent covers pos ⇒ convert its delay to real and use it (SHARED); else data fork, cut at the next COW start; delay ⇒ convert the whole delayed extent to unwritten real blocks; hole ⇒ HOLE. COW lookup lost a race ⇒ retry once.',
  ],
  [
    'FS-X2',
    'submit: SHARED ioend ⇒ mark its COW blocks "busy". Completion in worker iff append, UNWRITTEN, SHARED, DONTCACHE.',
  ],
  ['FS-X3', 'discard: punch delay in the *data* fork from pos to folio end (not when shut down).'],
  [
    'FS-X4',
    'completion error on SHARED ⇒ cancel COW blocks (also real) of the range and punch data-fork delay under it.',
  ],
  [
    'FS-X5',
    'remap one extent per transaction: skip COW extents not in busy/written state; old data mapping real ⇒ unmap and drop reference; delay ⇒ release reservation; map new; remove COW record.',
  ],
  [
    'FS-X6',
    'conversion transaction also raises dsize to offset+size, bounded by isize (direct I/O: raises isize to offset+size first). One transaction per extent, and the reference computes the size from the end of the *whole* range, so with several unwritten extents the first transaction already carries the final size: a crash in between leaves the size with zeroes in the parts not converted, and a racing reader may see them for a moment. A new implementation uses the end of the converted part.',
  ],
  [
    'FS-X7',
    'write checks: write start > isize ⇒ zero [isize,pos) (L1 exclusive, L4 drained, L3 exclusive) before the write.',
  ],
  ['FS-X8', 'ENOSPC on buffered write: flush all inodes, trim preallocations, retry once; EDQUOT similarly.'],
  [
    'FS-X9',
    'truncate: drain direct I/O; down (or same size) ⇒ zero the tail of the block of new ([S] v6.11 first writes back the page at new), up ⇒ zero [old,new); set isize and drop cache behind it; if something was zeroed, or new > dsize and old size ≠ dsize: flush [dsize,new) (empty for new < dsize, see CR-44); transaction sets dsize; down or same size also frees extents, COW space and preallocation beyond.',
  ],
  [
    'FS-X10',
    'fallocate punch/zero: drain direct I/O; write back and drop the cache of the range rounded outward to max(B, P) (so dirty data of the range gets blocks and may raise dsize first; its error is returned); unmap the whole blocks; zero the edges, and whatever is not a hole, with zero_range clipped at isize (cache only); if that ends at isize inside a page, write back from that page on. zero: then preallocate unwritten [rd(offset), ru(offset+len)), then size. prealloc = unwritten in holes, then size. Size growth = FS-X9 up. WRITE_ZEROES [N]: size published first, then written zeroed extents.',
  ],
  [
    'FS-X11',
    'background trimming may free post-EOF preallocation and COW preallocation of clean inodes at any quiescent time.',
  ],
  [
    'FS-X12',
    'FALLOC_FL_UNSHARE_RANGE = library unshare, write-back of the range, *then preallocation of its holes* (unwritten) and size growth; on a file without the reflink flag only the latter two. So after it holes of the range are UNWRITTEN, although the library itself allocates nothing for them (INV-34; seen on 6.18).',
  ],
  [
    'FS-X13',
    'collapse: offset, len multiples of B and offset+len < isize, else -EINVAL; punch, write back and drop the cache from one block before offset to EOF, free post-EOF and COW space there, shift extents down one per step, then truncate. insert: aligned and offset < isize, else -EINVAL, beyond the largest size -EFBIG; ([N] write back the EOF folio;) truncate up to isize+len first, then write back/drop as above, split, shift up. Both move whole blocks; bytes keep their version (CR-34).',
  ],
  [
    'FS-X14',
    "clone/dedupe: both files locked (L1, L3), both ranges written back, target cache dropped, target's post-EOF part zeroed as FS-X7; one transaction per extent; only written source extents are shared, source holes and unwritten extents become holes; isize and dsize of the target grow with the extents, at the latest at the end. (A target block that is unwritten under an unwritten source block stays.)",
  ],
  [
    'FS-F1',
    'read-type ops and PURE_OVERWRITE: iomap := read, srcmap untouched. Other writes: iomap := write, srcmap := read.',
  ],
  [
    'FS-F2',
    'validation of each mapping: known type/flags, length>0, block aligned, no overflow, covers pos; storage types need device+addr, others must have neither. Violation ⇒ -EFSCORRUPTED.',
  ],
  ['FS-F3', 'device cookie must be registered and opened with sufficient mode (-EACCES).'],
  ['FS-F4', 'NOWAIT ⇒ -EAGAIN (no cached mappings).'],
  [
    'FS-F5',
    'end is sent only if the server asked (WANT_END), or for writes with SIZE_CHANGED, or short writes. -ENOSYS disables further sends.',
  ],
  [
    'FS-F6',
    'inline: kernel buffer filled by a read request, written back by a write request in end (errors recorded in wb_err).',
  ],
  [
    'FS-F7',
    'writeback asks begin through a helper with op flag WRITEBACK; always completes through the worker; ioend message {pos, bytes, error, flags SHARED/UNWRITTEN/APPEND/WRITEBACK/DIRECT, device, new address} is sent on error or if metadata changes; server returns new size; dsize := max(dsize, returned). Server error after good I/O becomes the ioend error.',
  ],
  [
    'FS-F8',
    'discard sends an ioend with the error so that the server can drop reservations. Writes behind EOF zero [isize,pos) first. Unaligned direct writes: exclusive + FORCE_WAIT + drained.',
  ],
  [
    'FS-F9',
    'without a kernel mapping cache there is no validity check (iomap_valid absent): server must keep maps stable or rely on locks; with cache: invalidation messages {offset,length or to EOF}.',
  ],
];
