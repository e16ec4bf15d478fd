/** Hidden state of the XFS-like file system for the invariants that need it, read only and without copies. */
import {
  type BlockTable,
  type Bytes,
  CowFork,
  type FileBlock,
  type FileId,
  type FileView,
  type FolioView,
  Fork,
  type LockView,
  Moved,
  type SpaceView,
  type View,
} from '../../model/contract/index.js';
import type { ExtentFork } from '../extents/fork.js';
import { describeCached, nextCached } from '../library/index.js';
import type { XfsFileSystem } from './file-system.js';
import type { XfsInode } from './inode.js';

class XfsFileView implements FileView {
  private readonly inode: XfsInode;
  private readonly gathered = new Moved();
  /** Generation of the sharing that was shown. */
  private sharing = -1;

  constructor(inode: XfsInode) {
    this.inode = inode;
  }

  get id(): FileId {
    return this.inode.id;
  }

  get isize(): Bytes {
    return this.inode.isize;
  }

  get dsize(): Bytes {
    return this.inode.dsize;
  }

  get cookie(): number {
    return this.inode.data.cookie;
  }

  get cowCookie(): number {
    return this.inode.cow.cookie;
  }

  /** Every part only grows, so the sum changes when anything does. */
  get version(): number {
    const { data, cow, cache, fs } = this.inode;
    return data.cookie + cow.cookie + cache.version + fs.space.sharing;
  }

  get moved(): Moved {
    const { data, cow, cache, reflinked, fs } = this.inode;
    const all = this.gathered;
    take(data.moved, 1, all);
    take(cow.moved, 1, all);
    take(cache.moved, cache.blockSize, all);
    // Others share blocks, or cease to.
    const sharing = reflinked ? fs.space.sharing : -1;
    if (sharing !== this.sharing) all.add(0, Number.POSITIVE_INFINITY);
    this.sharing = sharing;
    return all;
  }

  get delayedBlocks(): number {
    return this.inode.data.delayed + this.inode.cow.delayed;
  }

  get indexReservation(): number {
    return this.inode.data.indexReservation + this.inode.cow.indexReservation;
  }

  get metadataBlocks(): number {
    return 0;
  }

  get memory(): Uint8Array {
    return this.inode.cache.memory.bytes;
  }

  get folios(): readonly FolioView[] {
    return this.inode.cache.folios;
  }

  next(from: FileBlock): FileBlock {
    const { data, cow, cache } = this.inode;
    let next = Math.min(nextMapped(data, from), cow.count === 0 ? Infinity : nextMapped(cow, from));
    if (next > from) {
      const cached = nextCached(cache, from);
      if (cached >= 0) next = Math.min(next, cached);
    }
    return next === Infinity ? -1 : next;
  }

  describe(first: FileBlock, count: number, table: BlockTable): void {
    const { data, cow, cache, reflinked, fs } = this.inode;
    table.frame(first, count);
    clearColumns(table, count);
    data.fill(first, count, table.data, table.dataBlock);
    if (reflinked) fs.space.fillShared(table.dataBlock, count, table.shared);
    if (cow.count > 0) cow.fill(first, count, table.cow, table.cowBlock);
    describeCached(cache, first, count, table);
  }
}

/** All columns as of a hole that is not cached. One loop, because mostly few blocks are asked for: a `fill` each costs more. */
function clearColumns(table: BlockTable, count: number): void {
  const { data, dataBlock, shared, cow, cowBlock, cache, memoryAt } = table;
  for (let i = 0; i < count; i++) {
    data[i] = Fork.hole;
    dataBlock[i] = -1;
    shared[i] = 0;
    cow[i] = CowFork.none;
    cowBlock[i] = -1;
    cache[i] = 0;
    memoryAt[i] = -1;
  }
}

/** Moves what a part of the file noted, in units of a block or of bytes, to the whole. */
function take(part: Moved, unit: number, into: Moved): void {
  if (part.from < part.to) into.add(Math.floor(part.from / unit), Math.ceil(part.to / unit));
  part.clear();
}

function nextMapped(fork: ExtentFork, from: FileBlock): FileBlock {
  const index = fork.find(from);
  return index === fork.count ? Infinity : Math.max(from, fork.first(index));
}

export class XfsView implements View {
  readonly locks: LockView;
  private readonly fs: XfsFileSystem;
  private readonly fileViews: XfsFileView[] = [];
  private ids: FileId[] = [];

  constructor(fs: XfsFileSystem) {
    this.fs = fs;
    this.locks = fs.platform.locks;
  }

  file(id: FileId): FileView {
    return (this.fileViews[id] ??= new XfsFileView(this.fs.inode(id)));
  }

  get files(): readonly FileId[] {
    if (this.ids.length !== this.fs.inodes.length) this.ids = this.fs.inodes.map(inode => inode.id);
    return this.ids;
  }

  space(): SpaceView {
    return this.fs.space;
  }

  get quiescent(): boolean {
    const { platform, inodes } = this.fs;
    if (platform.device.inFlight.length > 0 || platform.work.count > 0) return false;
    for (const inode of inodes) if (inode.cache.writebackCount > 0 || inode.direct.count > 0) return false;
    return true;
  }
}
