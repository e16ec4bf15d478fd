/**
 * The state of one file, as plain data: its size, its chunks, and what is open about it. Nothing here decides anything;
 * `bytes.ts`, `map.ts` and `sharing.ts` change it.
 */
import type { Bytes, Errno, FileId } from '../../contract/index.js';
import { Block } from './blocks.js';
import type { Chunk, ChunkPool } from './chunk.js';
import { Descriptors } from './descriptors.js';
import { Doubts } from './doubts.js';
import { History } from './history.js';

/** Bytes [from, to), block aligned, inside one folio. */
interface Idle {
  readonly from: Bytes;
  readonly to: Bytes;
}

export class FileModel {
  readonly id: FileId;
  /** `isize`. Bytes at and behind it are kept as zeroes, because every growth shows zeroes (FS-X7, FS-X9). */
  size: Bytes = 0;
  /** The size may be smaller than `size`, down to this, after failed writeback and a mount (WB-54); else equal. */
  sizeLeast: Bytes = 0;
  /** The least size on the device that failed writeback can have left behind. */
  safeSize: Bytes = 0;
  /** Device errors that may be on record and that internal flushes report (WB-74). */
  readonly flushErrors: Set<Errno> = new Set();
  /** A device write failed, or a mapping for writeback, while a call was open whose stores may have been among what was lost. */
  failing = false;
  /** What failed was a mapping or a flush in the midst of writeback: its caller waits for nothing that is on its way (WB-76). */
  unwaited = false;
  readonly chunks: Chunk[] = [];
  /** Where the last chunk was found. */
  hit = 0;
  /** State of blocks without a chunk, outside the two marks below. */
  absent: number = Block.HOLE;
  /**
   * Blocks without a chunk that lie in [spreadFrom, spreadTo) may be preallocated: speculation behind the end, or what a
   * failed preallocation left. In bytes, block aligned; empty when equal.
   */
  spreadFrom: Bytes = 0;
  spreadTo: Bytes = 0;
  /**
   * Copy-on-write space may be reserved for the file, anywhere: how much is a permitted difference (invariants.md
   * section 9), and only SEEK, FIEMAP before writeback, and the block count can tell.
   */
  hasCow = false;
  /** Where blocks without a chunk may be cached and dirty to no purpose (`mayBeIdlyDirty`). */
  readonly idle: Idle[] = [];
  /** Some block may have the bit LOST, or (a count) an owner; while there is none the plain paths suffice. */
  hasLost = false;
  owned = 0;
  /** The file took part in sharing once: unaligned direct writes go through the page cache (DIO-24). */
  reflinked = false;
  /** So did one that was removed: a crash may bring it back. */
  onceReflinked = false;
  /** Post-EOF preallocation may have been trimmed (FS-X11). */
  trimmed = false;
  /** There is a lasting mapping of it: pages that it uses stay in the cache. */
  mapped = false;
  /** Stores were made since everything was last written back. */
  dirty = false;
  /** Bytes with more than one permitted value: the values beside the one in the chunk. */
  readonly doubts: Doubts = new Doubts();
  /**
   * A failed direct write drops no cache behind it (DIO-38, DIO-50), and one beside an access through the cache may be
   * unable to, so in [twofoldFrom, twofoldTo) folios that were read meanwhile may show another version than the
   * device. In bytes; empty when equal.
   */
  twofoldFrom: Bytes = 0;
  twofoldTo: Bytes = 0;
  /** Stores behind the end inside the last page: what a mapped load may see there, beside zero (INV-27). */
  scribbleAt: Bytes = 0;
  scribble: Uint8Array = nothing;
  /** How many stores made it: of several the first may have been zeroed before the last came (WB-11). */
  scribbles = 0;
  /** Of those that nobody knows the order of: the values beside the one in `scribble`. */
  readonly scribbleDoubts: Doubts = new Doubts();
  /** From the end up to here the device holds what a crash left, and a recording does not tell: a mapped load shows it (PC-21). */
  tailTo: Bytes = 0;
  readonly descriptors: Descriptors = new Descriptors();
  readonly history: History = new History();

  constructor(id: FileId) {
    this.id = id;
  }

  get flushMayFail(): boolean {
    return this.flushErrors.size > 0;
  }

  /** Cache and device may differ in [from, to). */
  becomeTwofold(from: Bytes, to: Bytes): void {
    this.twofoldFrom = this.twofoldTo === 0 ? from : Math.min(this.twofoldFrom, from);
    this.twofoldTo = Math.max(this.twofoldTo, to);
  }

  /** Back to an empty file that was never used; the memory goes to the pool. */
  clear(pool: ChunkPool): void {
    for (let chunk = this.chunks.pop(); chunk !== undefined; chunk = this.chunks.pop()) pool.give(chunk);
    this.size = 0;
    this.sizeLeast = 0;
    this.safeSize = 0;
    if (this.flushErrors.size > 0) this.flushErrors.clear();
    this.failing = false;
    this.unwaited = false;
    this.hit = 0;
    this.absent = Block.HOLE;
    this.spreadFrom = 0;
    this.spreadTo = 0;
    this.hasCow = false;
    this.forgetIdle();
    this.hasLost = false;
    this.owned = 0;
    this.reflinked = false;
    this.onceReflinked = false;
    this.trimmed = false;
    this.mapped = false;
    this.dirty = false;
    this.doubts.clear();
    this.twofoldFrom = 0;
    this.twofoldTo = 0;
    this.forgetScribble();
    this.tailTo = 0;
    this.descriptors.clear();
  }

  /** No block is dirty to no purpose any more. */
  forgetIdle(): void {
    if (this.idle.length > 0) this.idle.length = 0;
  }

  /** What was stored behind the end is zeroed, or out of reach. */
  forgetScribble(): void {
    this.scribble = nothing;
    this.scribbles = 0;
    this.scribbleDoubts.clear();
  }
}

const nothing = new Uint8Array(0);
