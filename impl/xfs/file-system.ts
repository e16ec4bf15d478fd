/**
 * One mounted XFS-like file system: what its files share. Space, journal, options, the library's platform, and the small
 * duties that every transaction has. What files do stands in the files beside this one.
 */
import {
  type BlockDevice,
  type Bytes,
  type DeviceBlock,
  EIO,
  ENOSPC,
  type Errno,
  Ev,
  type FileId,
  type FileSystemOptions,
  type Steps,
  type TargetConfig,
  type Task,
} from '../../model/contract/index.js';
import { MemoryJournal, type MemoryTransaction } from '../journal/memory.js';
import { type Context, type FolioMemory, Platform } from '../library/index.js';
import type { Space } from '../space/space.js';
import { SHARED } from '../sync/index.js';
import { flushDevice } from './flush.js';
import { XfsInode } from './inode.js';

/** What a target may take over from the one before it: memory that costs more to make than to clean. */
export interface Reusable {
  readonly space: Space;
  readonly memory: FolioMemory;
}

export class XfsFileSystem {
  readonly platform: Platform;
  readonly options: FileSystemOptions;
  readonly space: Space;
  readonly journal: MemoryJournal;
  readonly blockSize: Bytes;
  readonly inodes: XfsInode[] = [];

  constructor(config: TargetConfig, device: BlockDevice, reusable: Reusable) {
    this.platform = new Platform(config, device, reusable.memory);
    this.options = config.options;
    this.blockSize = config.geometry.blockSize;
    this.space = reusable.space;
    this.space.reset(config.geometry.deviceBlocks);
    this.journal = new MemoryJournal(config.sink, task => flushDevice(this.platform, task));
    for (let id = 0; id < config.files; id++) this.inodes.push(new XfsInode(id, this));
  }

  /** The inode of a file; a file of this number comes into being if there was none. */
  inode(id: FileId): XfsInode {
    while (this.inodes.length <= id) this.inodes.push(new XfsInode(this.inodes.length, this));
    return this.inodes[id]!;
  }

  /** Opens a transaction (L7). The log of memory always has room, so nobody waits here. */
  begin(task: Task): MemoryTransaction {
    const transaction = this.journal.begin();
    this.platform.locks.acquired(transaction, task, SHARED);
    return transaction;
  }

  /** Commits, and remembers in the inode how far the log must be forced to make the change durable (CR-20). */
  commit(transaction: MemoryTransaction, inode: XfsInode, task: Task): void {
    inode.changed = this.journal.commit(transaction);
    this.platform.locks.released(transaction, task, SHARED);
  }

  /** Ends a transaction that changed nothing. */
  cancel(transaction: MemoryTransaction, task: Task): void {
    this.journal.cancel(transaction);
    this.platform.locks.released(transaction, task, SHARED);
  }

  /** One fork of `inode` less refers to these blocks (CR-13). */
  drop(inode: XfsInode, first: DeviceBlock, count: number, transaction: MemoryTransaction): void {
    this.space.drop(first, count, transaction, (block, blocks) =>
      this.platform.sink.emit(Ev.free, inode.id, block, blocks, 0),
    );
  }

  /** Takes a run of at most `most` blocks and tells; 0 when none can be had before the log is forced. */
  take(inode: XfsInode, most: number, goal: DeviceBlock): number {
    const count = this.space.allocate(most, goal);
    if (count > 0) this.platform.sink.emit(Ev.allocate, inode.id, this.space.found, count, 0);
    return count;
  }

  /**
   * The next space comes from blocks whose freeing is not durable yet: forces the log so that they can be had. ENOSPC when
   * the log has nothing to give.
   */
  *awaitFreedBlocks(task: Task): Steps<Errno> {
    const { journal } = this;
    if (journal.durable === journal.committed) return ENOSPC;
    const error = yield* journal.force(journal.committed, task);
    return error === 0 ? 0 : EIO;
  }

  /** An injected failure of a request for space. */
  refuses(context: Context): boolean {
    if (!context.task.observed) return false;
    return context.chooser.choose(2, 'block-allocation') !== 0;
  }
}
