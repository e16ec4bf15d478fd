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
  type Looked,
  type Steps,
  type TargetConfig,
  type Task,
} from '../../model/contract/index.js';
import { DeviceJournal } from '../journal/device-journal.js';
import type { FileSystemJournal } from '../journal/journal.js';
import type { MetadataLayout } from '../journal/layout.js';
import { MemoryJournal } from '../journal/memory.js';
import type { JournalTransaction } from '../journal/transaction.js';
import { type Context, type FolioMemory, Platform } from '../library/index.js';
import type { Space } from '../space/space.js';
import { drainReads, SHARED } from '../sync/index.js';
import { XfsInode } from './inode.js';
import { describeInode, logCore, replay } from './metadata.js';

/** What a target may take over from the one before it: memory that costs more to make than to clean. */
export interface Reusable {
  readonly space: Space;
  readonly memory: FolioMemory;
}

export class XfsFileSystem {
  readonly platform: Platform;
  readonly options: FileSystemOptions;
  readonly space: Space;
  readonly journal: FileSystemJournal;
  /** The same where it is on the device: what can be shut down and recovered. */
  readonly deviceJournal: DeviceJournal | null;
  /** Shut down (CR-91): nothing becomes durable, and everything answers EIO, until the next mount. */
  down = false;
  readonly blockSize: Bytes;
  readonly inodes: XfsInode[] = [];

  constructor(config: TargetConfig, device: BlockDevice, reusable: Reusable, layout: MetadataLayout) {
    this.platform = new Platform(config, device, reusable.memory);
    this.options = config.options;
    this.blockSize = config.geometry.blockSize;
    this.space = reusable.space;
    this.space.reset(config.geometry.deviceBlocks, this.platform.reads);
    this.deviceJournal = journalsOnDevice(config)
      ? new DeviceJournal(this.platform, layout, into => {
          for (const inode of this.inodes) describeInode(inode, into);
        })
      : null;
    this.journal = this.deviceJournal ?? new MemoryJournal(device, config.sink);
    for (let id = 0; id < config.files; id++) this.inodes.push(new XfsInode(id, this));
  }

  /** The inode of a file; a file of this number comes into being if there was none. */
  inode(id: FileId): XfsInode {
    while (this.inodes.length <= id) this.inodes.push(new XfsInode(this.inodes.length, this));
    return this.inodes[id]!;
  }

  /** Opens a transaction (L7). Space in the log is found when it is written, so nobody waits here. */
  begin(task: Task): JournalTransaction {
    const transaction = this.journal.begin(task);
    this.platform.locks.acquired(transaction, task, SHARED);
    return transaction;
  }

  /** Commits, and remembers in the inode how far the log must be forced to make the change durable (CR-20). */
  commit(transaction: JournalTransaction, inode: XfsInode, task: Task): void {
    logCore(transaction, inode);
    inode.changed = this.journal.commit(transaction);
    this.platform.locks.released(transaction, task, SHARED);
  }

  /** Ends a transaction that changed nothing. */
  cancel(transaction: JournalTransaction, task: Task): void {
    this.journal.cancel(transaction);
    this.platform.locks.released(transaction, task, SHARED);
  }

  /** One fork of `inode` less refers to these blocks (CR-13). */
  drop(inode: XfsInode, first: DeviceBlock, count: number, transaction: JournalTransaction): void {
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
   * The next space comes from blocks whose freeing is not durable yet, or that are still being read: forces the log, or
   * waits for the reads, so that they can be had. ENOSPC when neither has anything to give.
   */
  *awaitFreedBlocks(task: Task): Steps<Errno> {
    const { journal } = this;
    const { reads } = this.platform;
    if (journal.durable === journal.committed) {
      if (!reads.awaited) return ENOSPC;
      yield* drainReads(reads, task);
      return 0;
    }
    const error = yield* journal.force(journal.committed, task);
    return error === 0 ? 0 : EIO;
  }

  /** From now on nothing becomes durable but what is on its way to the device. */
  shutDown(): void {
    this.down = true;
    this.deviceJournal?.stop();
  }

  /**
   * Mounts what the device holds. Nothing may be in flight, cached or delayed. EIO if there is no file system on it, or if
   * the journal is in memory.
   */
  *recover(task: Task, looked: Looked = () => {}): Steps<Errno> {
    if (this.deviceJournal === null) return EIO;
    for (const inode of this.inodes) inode.forgetMetadata();
    const error = yield* this.deviceJournal.recover(
      (kind, file, a, count, b) => replay(this.inode(file), kind, a, count, b),
      () => this.adoptMetadata(),
      task,
      looked,
    );
    if (error === 0) this.down = false;
    return error;
  }

  /** What follows from the extents and sizes that recovery found (INV-63). */
  private adoptMetadata(): void {
    this.space.reset(this.space.total, this.platform.reads);
    for (const inode of this.inodes) {
      const { data } = inode;
      inode.dropWrittenBehindEnd();
      for (let i = 0; i < data.count; i++) this.space.adopt(data.block(i), data.end(i) - data.first(i));
      inode.becomeRecovered();
    }
  }

  /** An injected failure of a request for space. */
  refuses(context: Context): boolean {
    if (!context.task.observed) return false;
    return context.chooser.choose(2, 'block-allocation') !== 0;
  }
}

export function journalsOnDevice(config: TargetConfig): boolean {
  return (config.journal ?? (config.recordDevice ? 'device' : 'memory')) === 'device';
}
