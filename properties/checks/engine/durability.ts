/**
 * What is durable, as far as events tell: which sectors of data were completed and not flushed since, which transactions
 * refer to them, and which blocks were freed by transactions that a crash could undo (crash.md sections 1 and 2). No
 * judgement is made here. A transaction is made of the events since the last commit: between its first change and its
 * commit nothing else happens.
 */
import type { Bytes, DeviceBlock, FileId, Geometry } from '../../../model/contract/index.js';

/** What a transaction makes reachable: blocks of a file that became written, or bytes below a larger size. */
export interface Reaching {
  readonly file: FileId;
  /** Bytes of the file. */
  readonly from: Bytes;
  readonly to: Bytes;
  readonly grows: boolean;
  /** When the last data write to it completed that no flush can cover which was submitted earlier. */
  readonly completed: number;
  /** Its transaction; Infinity until it commits. */
  position: number;
}

export class Durability {
  /** The last transaction known to be durable. */
  durable = 0;
  /** The last transaction that committed. */
  last = 0;
  /** When the cache flush was submitted that covers most. */
  flushed = 0;
  /** Not durable yet, in order of commit. */
  readonly reaching: Reaching[] = [];
  /** When a write completed last that is not durable by itself. */
  written = 0;
  /** Per file: the last transaction that changed its size or what its blocks hold. */
  readonly #changedBy: number[] = [];
  /** Files that were so changed since the last commit, and those of which blocks became holes since then. */
  readonly #changing: FileId[] = [];
  readonly #opening: FileId[] = [];
  /** Counts submissions of flushes and completions of writes. */
  #clock = 0;
  #unit: Bytes = 1;
  #perBlock = 1;
  /** Per sector: when a write to it completed that is not durable by itself; 0: none did. */
  #completed = new Float64Array(0);
  /** Per block: the transaction that freed it. */
  #freedBy = new Float64Array(0);
  readonly #freed: DeviceBlock[] = [];
  /** Freed since the last commit. */
  readonly #freeing: DeviceBlock[] = [];
  /** Flushes in flight, and when they were submitted. */
  readonly #flushes: { readonly serial: number; readonly submitted: number }[] = [];
  /** Addresses of writes in flight that go through the cache. */
  readonly #through: Bytes[] = [];

  reset({ blockSize, sectorSize, deviceBlocks }: Geometry): void {
    this.#unit = sectorSize;
    this.#perBlock = blockSize / sectorSize;
    const sectors = deviceBlocks * this.#perBlock;
    if (this.#completed.length < sectors) this.#completed = new Float64Array(sectors);
    else this.#completed.fill(0, 0, sectors);
    if (this.#freedBy.length < deviceBlocks) this.#freedBy = new Float64Array(deviceBlocks);
    this.forget();
    this.durable = 0;
    this.last = 0;
    this.flushed = 0;
    this.written = 0;
    this.#clock = 0;
    this.#flushes.length = 0;
    this.#through.length = 0;
  }

  /** The file system was mounted: what was not durable is gone, or has been made so. */
  forget(): void {
    for (const block of this.#freed) this.#freedBy[block] = 0;
    this.#freed.length = 0;
    this.#freeing.length = 0;
    this.reaching.length = 0;
    this.#changedBy.length = 0;
    this.#changing.length = 0;
    this.#opening.length = 0;
  }

  submitted(addr: Bytes, through: boolean): void {
    if (through) this.#through.push(addr);
  }

  completed(addr: Bytes, length: Bytes, status: number): void {
    const place = this.#through.indexOf(addr);
    if (place >= 0) this.#through.splice(place, 1);
    if (status !== 0) return;
    const first = addr / this.#unit;
    if (place < 0) this.written = ++this.#clock;
    this.#completed.fill(place < 0 ? this.written : 0, first, first + length / this.#unit);
  }

  flushBegins(serial: number): void {
    this.#flushes.push({ serial, submitted: ++this.#clock });
  }

  flushEnds(serial: number): void {
    const place = this.#flushes.findIndex(flush => flush.serial === serial);
    if (place < 0) return;
    this.flushed = Math.max(this.flushed, this.#flushes[place]!.submitted);
    if (place === this.#flushes.length - 1) this.#flushes.pop();
    else this.#flushes.splice(place, 1);
  }

  /** The size of the file, or what its blocks hold, became another by a transaction. */
  changes(file: FileId): void {
    this.#changing.push(file);
  }

  /** Blocks of the file became holes: by a transaction if it frees what they were, else only a reservation is gone. */
  opens(file: FileId): void {
    if (!this.#opening.includes(file)) this.#opening.push(file);
  }

  /** The last transaction that changed the file's size or blocks, 0 if none has since the mount. */
  changedBy(file: FileId): number {
    return this.#changedBy[file] ?? 0;
  }

  freed(file: FileId, first: DeviceBlock, count: number): void {
    if (this.#opening.includes(file)) this.#changing.push(file);
    for (let block = first; block < first + count; block++) {
      this.#freedBy[block] = Number.POSITIVE_INFINITY;
      this.#freed.push(block);
      this.#freeing.push(block);
    }
  }

  /** Blocks [block, block + count) of the device become reachable as bytes [from, to) of the file. */
  reaches(file: FileId, from: Bytes, to: Bytes, grows: boolean, block: DeviceBlock, count: number): void {
    let completed = 0;
    for (let at = block * this.#perBlock; at < (block + count) * this.#perBlock; at++)
      completed = Math.max(completed, this.#completed[at]!);
    this.reaching.push({ file, from, to, grows, completed, position: Number.POSITIVE_INFINITY });
    this.#changing.push(file);
  }

  committed(position: number): void {
    this.last = position;
    while (this.#changing.length > 0) this.#changedBy[this.#changing.pop()!] = position;
    this.#opening.length = 0;
    for (let i = this.reaching.length - 1; i >= 0 && this.reaching[i]!.position === Number.POSITIVE_INFINITY; i--)
      this.reaching[i]!.position = position;
    while (this.#freeing.length > 0) this.#freedBy[this.#freeing.pop()!] = position;
  }

  forced(position: number): void {
    if (position <= this.durable) return;
    this.durable = position;
    let done = 0;
    while (done < this.reaching.length && this.reaching[done]!.position <= position) done++;
    if (done > 0) this.reaching.splice(0, done);
    if (this.#freed.length === 0) return;
    let kept = 0;
    for (const block of this.#freed) {
      if (this.#freedBy[block]! > position) this.#freed[kept++] = block;
      else this.#freedBy[block] = 0;
    }
    this.#freed.length = kept;
  }

  /** A crash could give the block back to the file it was freed from. */
  mayComeBack(block: DeviceBlock): boolean {
    return this.#freedBy[block] !== 0;
  }

  /** A completed write of [addr, addr + length) could be lost: the first such byte, or −1. */
  losable(addr: Bytes, length: Bytes): Bytes {
    const last = Math.ceil((addr + length) / this.#unit);
    for (let sector = Math.floor(addr / this.#unit); sector < last; sector++)
      if (this.#completed[sector]! > this.flushed) return Math.max(addr, sector * this.#unit);
    return -1;
  }
}
