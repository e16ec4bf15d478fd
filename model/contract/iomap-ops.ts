/**
 * What a file system provides to the library, and what a third party implements to be tested: the mapping callbacks
 * (mapping.md section 2) and the writeback callbacks (writeback.md section 1). A callback that cannot block returns its
 * result; one that can is a generator of registered points.
 */
import type { Chooser } from './chooser.js';
import type { BlockDevice } from './device.js';
import type { Sink } from './events.js';
import type { Geometry } from './geometry.js';
import type { Iomap } from './mapping.js';
import type { OpFlags } from './op-flags.js';
import type { Steps, Task } from './tasks.js';
import type { Bytes, Errno, FileId } from './units.js';

/** What the library lends to callbacks. */
export interface Services {
  readonly geometry: Geometry;
  readonly chooser: Chooser;
  readonly sink: Sink;
  readonly device: BlockDevice;
  /** The task on whose behalf the callback runs. */
  readonly task: Task;
}

/** The least that the library needs of an inode. `isize` is the in-core size in bytes; the library raises it (PC-33). */
export interface InodeBase {
  readonly id: FileId;
  isize: Bytes;
}

export interface IomapOps<I extends InodeBase> {
  /**
   * Where do bytes [pos, pos+length) live? Fills `iomap` (and `srcmap` where existing bytes come from elsewhere), both
   * zeroed before. Returns 0 or a negative errno. MAP-01 … MAP-36 say what is legal.
   */
  begin(
    inode: I,
    pos: Bytes,
    length: Bytes,
    flags: OpFlags,
    iomap: Iomap,
    srcmap: Iomap,
    io: Services,
  ): Errno | Steps<Errno>;
  /**
   * Called exactly once for each begin that returned 0 (MAP-40). `length` is the effective length at begin time and
   * `written` the bytes of progress, 0 … length (MAP-41). Returns 0 or a negative errno.
   */
  end?(
    inode: I,
    pos: Bytes,
    length: Bytes,
    written: Bytes,
    flags: OpFlags,
    iomap: Iomap,
    io: Services,
  ): Errno | Steps<Errno>;
  /** Is this mapping still current? Asked once per folio, under its lock (MAP-52). Absent: mappings never change (MAP-55). */
  valid?(inode: I, iomap: Iomap): boolean;
}

/** One piece of writeback I/O (writeback.md section 4). `offset`, `size` in bytes of the file, `addr` on the device. */
export interface IoendRecord {
  readonly offset: Bytes;
  /** Logical size: trimmed to the end of the file (WB-26). */
  readonly size: Bytes;
  readonly addr: Bytes;
  readonly unwritten: boolean;
  readonly shared: boolean;
  /** 0, or the first error of its bios. */
  readonly status: Errno;
}

export interface WritebackOps<I extends InodeBase> {
  /**
   * Provides the mapping for dirty bytes at `pos` (at least one block of [pos, pos+length), folio locked) in `iomap`,
   * which holds the mapping of the previous call and may be kept if it is still current (WB-12). HOLE, MAPPED or
   * UNWRITTEN (WB-14). Returns 0 or a negative errno, on which the library calls `discard`.
   */
  map(inode: I, pos: Bytes, length: Bytes, iomap: Iomap, io: Services): Errno | Steps<Errno>;
  /** Last hook before an ioend is submitted; an errno fails the ioend instead of submitting it. */
  submitting?(inode: I, ioend: IoendRecord, io: Services): Errno | Steps<Errno>;
  /** True when completing this ioend needs a transaction, hence a worker (section 5 step 1); asked at submission. */
  defers(inode: I, ioend: IoendRecord): boolean;
  /**
   * The file system's work for one (merged) completed ioend, successful or not: convert, remap, raise the on-disk size,
   * or clean up (section 5 step 3). Returns the errno to record, 0 for none.
   */
  completed(inode: I, ioend: IoendRecord, io: Services): Errno | Steps<Errno>;
  /** Drops the reservations of the folio from `pos` to its `end` after an error (section 3 step 5). */
  discard?(inode: I, pos: Bytes, end: Bytes, io: Services): void;
}
