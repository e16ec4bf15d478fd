/**
 * The free space of the data device: which blocks are free, how many forks refer to each block, and how many blocks are
 * promised to delayed extents. Counts only; whose blocks they are is the business of the extent forks. Allocation is
 * lowest first after a goal, so that freed blocks come back soon and stale bytes have a chance to be seen. A freed block
 * keeps its bytes and is free at once for the counters, but is handed out again only when the transaction that freed it
 * is durable (CR-13, INV-67) and the reads are over that may still be on their way to it (INV-30). In the same way a block whose sharing ended may not be written in place before that is
 * durable: recovery could bring the other owner back (CR-32). Realizes INV-10, INV-14 and the reservations of
 * filesystems.md section 1.
 */
import type { DeviceBlock, SpaceView, Transaction } from '../../model/contract/index.js';
import type { ReadCount } from '../sync/index.js';

export class Space implements SpaceView {
  total = 0;
  free = 0;
  reserved = 0;
  /** Grows whenever a block becomes shared or stops being so: files show sharing that others cause. */
  sharing = 0;
  /** First block of the run that `allocate` found. */
  found: DeviceBlock = 0;
  private counts = new Uint32Array(0);
  /** 1 while the transaction that freed the block is not durable, or reads that began before are not over. */
  private busy = new Uint8Array(0);
  /** How many transactions that are not durable ended a sharing of the block, and of all blocks together. */
  private ending = new Uint16Array(0);
  private endings = 0;
  /** No block below is free and handed out. */
  private lowest: DeviceBlock = 0;
  /** No block at or above was ever used, so that making the space empty costs what was used. */
  private highest: DeviceBlock = 0;
  /** Distinguishes the blocks of this sequence from those freed by transactions of a former one. */
  private generation = 0;
  private reads: ReadCount | null = null;

  /** All blocks free, as after mkfs. `reads`: of the file system whose space it is. */
  reset(total: number, reads: ReadCount): void {
    this.reads = reads;
    if (this.counts.length < total) {
      this.counts = new Uint32Array(total);
      this.busy = new Uint8Array(total);
      this.ending = new Uint16Array(total);
    } else {
      this.counts.fill(0, 0, this.highest);
      this.busy.fill(0, 0, this.highest);
      if (this.endings > 0) this.ending.fill(0, 0, this.highest);
    }
    this.endings = 0;
    this.total = total;
    this.free = total;
    this.reserved = 0;
    this.sharing++;
    this.lowest = 0;
    this.highest = 0;
    this.generation++;
  }

  get allocated(): number {
    return this.total - this.free - this.reserved;
  }

  references(block: DeviceBlock): number {
    return this.counts[block] ?? 0;
  }

  isMetadata(_block: DeviceBlock): boolean {
    return false;
  }

  /** A fork that recovery found refers to each of the blocks. */
  adopt(first: DeviceBlock, count: number): void {
    for (let block = first; block < first + count; block++) if (this.counts[block]!++ === 0) this.free--;
    this.highest = Math.max(this.highest, first + count);
    this.sharing++;
  }

  /** Moves blocks from free to reserved, or back when negative. The caller has looked whether they are there. */
  reserve(blocks: number): void {
    this.reserved += blocks;
    this.free -= blocks;
  }

  /**
   * Takes a run of up to `most` blocks, at `goal` if that is free, else the lowest run. Returns its length and leaves its
   * start in `found`; 0 when every free block waits for the log or for reads, or there is none.
   */
  allocate(most: number, goal: DeviceBlock): number {
    let start = goal;
    if (goal < 0 || !this.takeable(goal)) {
      start = this.lowest;
      while (start < this.total && !this.takeable(start)) start++;
      this.lowest = start;
      if (start >= this.total) return 0;
    }
    let end = start;
    const limit = Math.min(start + most, this.total);
    while (end < limit && this.takeable(end)) this.counts[end++] = 1;
    if (start === this.lowest) this.lowest = end;
    if (end > this.highest) this.highest = end;
    this.free -= end - start;
    this.found = start;
    return end - start;
  }

  private takeable(block: DeviceBlock): boolean {
    return block < this.total && this.counts[block] === 0 && this.busy[block] === 0;
  }

  /** One more fork refers to each of the blocks. */
  share(first: DeviceBlock, count: number): void {
    for (let block = first; block < first + count; block++) this.counts[block]!++;
    this.sharing++;
  }

  /**
   * One fork less refers to each of the blocks; those nobody refers to are free, and may be taken again once
   * `transaction` is durable. Calls `freed` for each run that became free.
   */
  drop(
    first: DeviceBlock,
    count: number,
    transaction: Transaction,
    freed: (first: DeviceBlock, count: number) => void,
  ): void {
    let run = 0;
    for (let block = first; block < first + count; block++) {
      if (--this.counts[block]! > 0) {
        this.sharing++;
        if (this.counts[block] === 1) this.endSharing(block, transaction);
        if (run > 0) this.retire(block - run, run, transaction, freed);
        run = 0;
      } else run++;
    }
    if (run > 0) this.retire(first + count - run, run, transaction, freed);
  }

  private retire(
    first: DeviceBlock,
    count: number,
    transaction: Transaction,
    freed: (first: DeviceBlock, count: number) => void,
  ): void {
    this.busy.fill(1, first, first + count);
    this.free += count;
    freed(first, count);
    const generation = this.generation;
    transaction.onDurable(() =>
      this.reads!.afterwards(() => {
        if (generation === this.generation) this.release(first, count);
      }),
    );
  }

  private release(first: DeviceBlock, count: number): void {
    this.busy.fill(0, first, first + count);
    if (first < this.lowest) this.lowest = first;
  }

  private endSharing(block: DeviceBlock, transaction: Transaction): void {
    this.ending[block]!++;
    this.endings++;
    const generation = this.generation;
    transaction.onDurable(() => {
      if (generation !== this.generation) return;
      this.ending[block]!--;
      this.endings--;
    });
  }

  isShared(block: DeviceBlock): boolean {
    return this.counts[block]! > 1;
  }

  /** Tells of the first `count` of `blocks` which are shared; −1 stands for none. */
  fillShared(blocks: Float64Array, count: number, shared: Uint8Array): void {
    const { counts } = this;
    for (let i = 0; i < count; i++) {
      const block = blocks[i]!;
      if (block >= 0 && counts[block]! > 1) shared[i] = 1;
    }
  }

  /** How many of the blocks from `first` on, at most `count`, are all shared or all not shared like the first. */
  sharedRun(first: DeviceBlock, count: number): number {
    const shared = this.isShared(first);
    let run = 1;
    while (run < count && this.isShared(first + run) === shared) run++;
    return run;
  }

  /** Some of the blocks would be shared again if power were lost now: they may not be written in place yet. */
  endsSharing(first: DeviceBlock, count: number): boolean {
    if (this.endings === 0) return false;
    for (let block = first; block < first + count; block++) if (this.ending[block]! > 0) return true;
    return false;
  }

  /** No block waits for the end of its sharing to be durable. */
  get settled(): boolean {
    return this.endings === 0;
  }
}
