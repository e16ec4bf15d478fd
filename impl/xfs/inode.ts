/**
 * A file of the XFS-like file system: both forks, the size that metadata carry, and the flags that decide how its space is
 * treated. Changes of the forks go through `setExtent`, which keeps the space's reservations in step (INV-11).
 */
import {
  type Bytes,
  type DeviceBlock,
  Ev,
  type FileBlock,
  type FileId,
  Fork,
  type LogPosition,
  type Task,
} from '../../model/contract/index.js';
import { ExtentFork } from '../extents/fork.js';
import type { JournalTransaction } from '../journal/transaction.js';
import { CachedInode, ErrorCursor } from '../library/index.js';
import type { LockMode } from '../sync/index.js';
import type { XfsFileSystem } from './file-system.js';
import { logExtent } from './metadata.js';
import { xfsWriteback } from './writeback/ops.js';

export class XfsInode extends CachedInode {
  readonly fs: XfsFileSystem;
  override readonly writebackOps = xfsWriteback;
  readonly data = new ExtentFork();
  readonly cow = new ExtentFork();
  /** The size that committed metadata carry. Written only through `setDsize`. */
  dsize: Bytes = 0;
  /** XFS's reflink flag: the file shares, or once shared, blocks. Only then are writes looked at for sharing. */
  reflinked = false;
  /** XFS's prealloc flag: space was asked for by fallocate, so what lies behind the end is not freed on close. */
  preallocated = false;
  /** Preallocation behind the end was freed by a close already; the next close leaves it (XFS_EOFBLOCKS_RELEASED). */
  releasedOnClose = false;
  /** Written to since the time stamps were last logged. Only fsync looks: nothing else needs them. */
  timesChanged = false;
  /** Nobody has seen to it that the device holds zeroes behind the end in its block (`doubtTail`). */
  unknownTail = false;
  /** The last transaction that changed this inode: what fsync has to force. */
  changed: LogPosition = 0;
  /** Bytes [from, to), in pairs, that a write fault has mapped and not dirtied yet: it does not look again (PC-61). */
  readonly faults: Bytes[] = [];
  /** What each open descriptor has seen of the errors; the last one is used by calls. */
  readonly descriptors: ErrorCursor[] = [];

  constructor(id: FileId, fs: XfsFileSystem) {
    super(id, fs.platform);
    this.fs = fs;
  }

  /** The descriptor that calls use: the one opened last; made when there is none. */
  get descriptor(): ErrorCursor {
    const last = this.descriptors.at(-1);
    if (last !== undefined) return last;
    const fresh = new ErrorCursor(this.errors);
    this.descriptors.push(fresh);
    return fresh;
  }

  /** Metadata needed to reach the data are not durable (MAP-22). */
  get pinned(): boolean {
    return this.changed > this.fs.journal.durable;
  }

  /** Takes the mapping lock (L8). It is never held across a yield, so it is always free. */
  lockMap(task: Task, mode: LockMode): void {
    if (!this.mapLock.tryAcquire(task, mode)) throw new Error(`${this.mapLock.describe()} is held across a yield`);
  }

  unlockMap(task: Task): void {
    this.mapLock.release(task);
  }

  /** Logged where `transaction` is given: real extents of the data fork are metadata, everything else is in memory only. */
  setExtent(
    fork: ExtentFork,
    first: FileBlock,
    end: FileBlock,
    state: number,
    block: DeviceBlock,
    transaction: JournalTransaction | null = null,
  ): void {
    if (transaction !== null && fork === this.data) logExtent(transaction, this.id, first, end, state, block);
    const before = fork.reserved;
    fork.assign(first, end, state, block);
    const change = fork.reserved - before;
    if (change !== 0) this.fs.space.reserve(change);
    if (fork === this.data) this.platform.sink.emit(Ev.extent, this.id, first, end - first, state);
  }

  /** Inside a transaction. */
  setDsize(to: Bytes): void {
    const from = this.dsize;
    if (from === to) return;
    this.dsize = to;
    this.cache.version++;
    this.platform.sink.emit(Ev.dsize, this.id, from, to, 0);
  }

  /** The first block that begins at or behind byte `pos`. */
  blockUp(pos: Bytes): FileBlock {
    return Math.ceil(pos / this.fs.blockSize);
  }

  /** Before recovery: nothing is known of the file. Its cache is empty, its reservations go with all others. */
  forgetMetadata(): void {
    this.data.clear();
    this.cow.clear();
    this.setDsize(0);
    this.reflinked = false;
    this.preallocated = false;
  }

  /**
   * While a truncate is at work a write may end behind the new size, which then does not follow it (CR-80). If the truncate
   * is lost in a crash its blocks are there, behind the end, and no growth may show them (CR-31): nobody has them from now on.
   */
  dropWrittenBehindEnd(): void {
    const { data } = this;
    const behind = this.blockUp(this.dsize);
    for (let i = data.count - 1; i >= 0 && data.end(i) > behind; i--)
      if (data.state(i) === Fork.written) data.assign(Math.max(behind, data.first(i)), data.end(i), Fork.hole, -1);
  }

  /** After it: what only memory knew is as after a mount. */
  becomeRecovered(): void {
    this.changed = 0;
    this.releasedOnClose = false;
    this.timesChanged = false;
    this.lostWrites = false;
    const size = this.dsize;
    this.dsize = 0;
    this.setSize(size);
    this.setDsize(size);
    this.doubtTail();
    this.cache.version++;
  }

  /** A write that failed, or did not survive a mount as a whole, may have left its bytes behind the end (PC-21). */
  doubtTail(): void {
    this.unknownTail = this.isize % this.fs.blockSize !== 0;
  }

  /** The block that contains byte `pos`. */
  blockDown(pos: Bytes): FileBlock {
    return Math.floor(pos / this.fs.blockSize);
  }
}
