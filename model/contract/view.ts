/**
 * Hidden state, read-only, for the invariants that need it [H]. A check asks for a range of blocks of a file and gets
 * them as columns of a table (one byte or number a block), because checks run after every operation and a call per block
 * would cost more than the operation.
 */
import type { Bytes, DeviceBlock, FileBlock, FileId } from './units.js';

/** Data-fork state of a block, `d(f,i)` of invariants.md section 0. */
export const Fork = { hole: 0, delay: 1, unwritten: 2, written: 3 } as const;
/** Copy-on-write-fork state of a block, `c(f,i)`. */
export const CowFork = { none: 0, delay: 1, real: 2, busy: 3 } as const;

/** Bits of `BlockTable.cache`: `cache(f,i)`. */
export const Cached = {
  /** A folio covers the block. */
  present: 1 << 0,
  /** The U bit of the block (folio uptodate, if there is no block state). */
  uptodate: 1 << 1,
  /** The D bit of the block (folio dirty, if there is no block state). */
  dirty: 1 << 2,
  folioUptodate: 1 << 3,
  folioDirty: 1 << 4,
  /** The folio is locked: invariants of scope F do not apply now. */
  locked: 1 << 5,
  writeback: 1 << 6,
  /** The folio has per-block state. */
  blockState: 1 << 7,
  /** A view may store to the folio without a fault. */
  writable: 1 << 8,
} as const;

/** Columns over blocks [first, first+count) of one file. Belongs to the checker, grown by the view as needed. */
export class BlockTable {
  first: FileBlock = 0;
  count = 0;
  /** `Fork`. */
  data = new Uint8Array(0);
  /** Device block of the data fork, −1 for none. */
  dataBlock = new Float64Array(0);
  /** 1 when the data block is shared. */
  shared = new Uint8Array(0);
  /** `CowFork`. */
  cow = new Uint8Array(0);
  cowBlock = new Float64Array(0);
  /** Bits of `Cached`. */
  cache = new Uint16Array(0);
  /** Where the block's cached bytes start in `FileView.memory`, −1 when not cached. A page smaller than a block never splits it. */
  memoryAt = new Float64Array(0);

  /** Makes room for `count` blocks from `first`; the columns are not cleared. */
  frame(first: FileBlock, count: number): void {
    this.first = first;
    this.count = count;
    if (this.data.length < count) this.grow(count);
  }

  private grow(count: number): void {
    let room = 64;
    while (room < count) room *= 2;
    this.data = new Uint8Array(room);
    this.dataBlock = new Float64Array(room);
    this.shared = new Uint8Array(room);
    this.cow = new Uint8Array(room);
    this.cowBlock = new Float64Array(room);
    this.cache = new Uint16Array(room);
    this.memoryAt = new Float64Array(room);
  }
}

/** A range [from, to) that grows; empty when `from` is not below `to`. Everything at first. */
export class Moved {
  from = 0;
  to = Number.POSITIVE_INFINITY;

  add(from: number, to: number): void {
    if (from < this.from) this.from = from;
    if (to > this.to) this.to = to;
  }

  clear(): void {
    this.from = Number.POSITIVE_INFINITY;
    this.to = 0;
  }
}

/** One folio, for the invariants about folios (INV-21 … 24). */
export interface FolioView {
  readonly pos: Bytes;
  readonly size: Bytes;
  readonly uptodate: boolean;
  readonly dirty: boolean;
  readonly locked: boolean;
  readonly writeback: boolean;
  readonly hasBlockState: boolean;
  /** Bytes of read and write I/O in flight, bias included (PC-05). */
  readonly readPending: Bytes;
  readonly writePending: Bytes;
  /** References beyond the cache's own. */
  readonly extraReferences: number;
}

export interface FileView {
  readonly id: FileId;
  readonly isize: Bytes;
  readonly dsize: Bytes;
  /** Freshness counters of the data and the copy-on-write fork (LK-20). */
  readonly cookie: number;
  readonly cowCookie: number;
  /** Grows with every change of anything this view shows, so that an untouched file can be passed over. */
  readonly version: number;
  /**
   * The blocks that may be described otherwise than when this was cleared last, which is up to who looks: nearly every
   * look comes after a change of few blocks. Absent where a target does not know.
   */
  readonly moved?: Moved;
  /** Delayed blocks of both forks, and what the file system holds back for the index of delayed extents (INV-11). */
  readonly delayedBlocks: number;
  readonly indexReservation: number;
  /** Device blocks of the file's own metadata that count as allocated (extent index …). */
  readonly metadataBlocks: number;
  /** The first block at or behind `from` that is not "hole, no copy-on-write, not cached", or −1: sparse files are big. */
  next(from: FileBlock): FileBlock;
  /** Fills the columns for [first, first+count). */
  describe(first: FileBlock, count: number, table: BlockTable): void;
  /** The memory that `BlockTable.memoryAt` points into. */
  readonly memory: Uint8Array;
  /** Folios in order of position. */
  readonly folios: readonly FolioView[];
}

export interface SpaceView {
  /** In blocks: free + reserved + allocated = total (INV-10). */
  readonly total: number;
  readonly free: number;
  readonly reserved: number;
  readonly allocated: number;
  /** How many forks refer to a device block; 0 when free. Metadata blocks count 1. */
  references(block: DeviceBlock): number;
  /** True for blocks that hold metadata and may never appear in a file's map (INV-14). */
  isMetadata(block: DeviceBlock): boolean;
}

/** Who holds what, for INV-72 and wait graphs. */
export interface LockView {
  /** Locks, references and handles held by the task, as text; empty when it holds nothing. */
  heldBy(task: number): readonly string[];
}

export interface View {
  file(id: FileId): FileView;
  /** Files that exist, in order. */
  readonly files: readonly FileId[];
  space(): SpaceView;
  readonly locks: LockView;
  /** Nothing runs, nothing is in flight, no completion work waits (scope Q). */
  readonly quiescent: boolean;
}
