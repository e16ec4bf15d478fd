/**
 * What the library needs of an inode: size, locks, page cache, error sequence, outstanding direct requests and completed
 * ioends. A file system's inode extends it.
 */
import { type Bytes, Ev, type FileId, type InodeBase, type WritebackOps } from '../../model/contract/index.js';
import { ErrorSequence } from '../cache/error-sequence.js';
import { PageCache } from '../cache/page-cache.js';
import { DirectCount, LockLevel, RwSemaphore } from '../sync/index.js';
import type { Ioend } from './ioend.js';
import type { Platform } from './platform.js';

export abstract class CachedInode implements InodeBase {
  readonly id: FileId;
  readonly platform: Platform;
  /** Written only through `setSize`. */
  isize: Bytes = 0;
  /** i_rwsem (L1). */
  readonly rwsem: RwSemaphore;
  /** invalidate_lock (L3). */
  readonly invalidateLock: RwSemaphore;
  /** Outstanding direct requests (L4). */
  readonly direct: DirectCount;
  /** The file system's mapping lock (L8); the library never takes it. */
  readonly mapLock: RwSemaphore;
  readonly cache: PageCache;
  /** wb_err (section 7 of writeback.md). */
  readonly errors = new ErrorSequence();
  /** Ioends whose I/O is done and whose completion work waits (section 5 of writeback.md). */
  readonly completedIoends: Ioend[] = [];
  /** Lasting mappings made by `mmap`; without one a store maps the file for its own duration. */
  mappings = 0;
  /**
   * Bytes [from, to) of a locked folio that a write has a current mapping for and has not dirtied yet: it does not look at
   * the mapping again, and writeback of the same folio may fail meanwhile. L1 lets in one such write.
   */
  storing: { readonly from: Bytes; readonly to: Bytes } | null = null;

  /** Writeback failed once: clean cache may hold bytes that neither map nor device have (WB-73). */
  lostWrites = false;

  abstract readonly writebackOps: WritebackOps<CachedInode>;

  constructor(id: FileId, platform: Platform) {
    this.id = id;
    this.platform = platform;
    this.rwsem = new RwSemaphore(LockLevel.inode, 'i_rwsem', id, platform.locks);
    this.invalidateLock = new RwSemaphore(LockLevel.invalidate, 'invalidate_lock', id, platform.locks);
    this.direct = new DirectCount(id);
    this.mapLock = new RwSemaphore(LockLevel.map, 'mapping lock', id, platform.locks);
    this.cache = new PageCache(id, platform);
  }

  /** Changes the in-core size, and tells. */
  setSize(to: Bytes): void {
    const from = this.isize;
    if (from === to) return;
    this.isize = to;
    this.cache.version++;
    this.platform.sink.emit(Ev.isize, this.id, from, to, 0);
  }
}
