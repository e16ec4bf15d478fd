/**
 * The folios under writeback: what was dirty when a folio was taken, and what became of each of those blocks until its
 * writeback bit was cleared (writeback.md section 3; INV-24, INV-28, INV-40).
 */
import { type Bytes, Cached, type FileId } from '../../../model/contract/index.js';
import type { World } from './world.js';

/** What is known of a block of a folio in its writeback cycle. */
export const Mark = {
  /** Nothing to write. */
  none: 0,
  /** Dirty when the folio was taken. */
  owed: 1,
  /** In an ioend. */
  carried: 2,
  /** Answered HOLE. */
  hole: 3,
  /** In more than one ioend. */
  twice: 4,
} as const;

export class Cycle {
  file: FileId = 0;
  pos: Bytes = 0;
  size: Bytes = 0;
  first = 0;
  count = 0;
  /** Where the file ended when the folio was taken; writeback goes by that (section 3 of writeback.md). */
  end: Bytes = 0;
  marks = new Uint8Array(64);
  /** 1 where a store made the block dirty again after the folio was taken. */
  again = new Uint8Array(64);
  /** An error was recorded for the file meanwhile (WB-10). */
  failed = false;
}

export class Cycles {
  readonly open: Cycle[] = [];
  /** The cycle of the event in progress, or null. */
  at: Cycle | null = null;
  /** The folio of the event in progress was already under writeback. */
  taken = false;
  readonly #idle: Cycle[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  reset(): void {
    while (this.open.length > 0) this.#idle.push(this.open.pop()!);
  }

  find(file: FileId, offset: Bytes): Cycle | null {
    for (let i = this.open.length - 1; i >= 0; i--) {
      const cycle = this.open[i]!;
      if (cycle.file === file && cycle.pos <= offset && offset < cycle.pos + cycle.size) return cycle;
    }
    return null;
  }

  /** `writeback-folio` of a folio that is not wholly behind the end. */
  take(file: FileId, pos: Bytes, size: Bytes): void {
    this.taken = this.find(file, pos) !== null;
    const { blockSize } = this.#world.geometry;
    const cycle = this.#idle.pop() ?? new Cycle();
    cycle.file = file;
    cycle.pos = pos;
    cycle.size = size;
    cycle.first = Math.floor(pos / blockSize);
    cycle.count = Math.max(1, size / blockSize);
    cycle.failed = false;
    if (cycle.marks.length < cycle.count) {
      cycle.marks = new Uint8Array(cycle.count);
      cycle.again = new Uint8Array(cycle.count);
    }
    const end = this.#world.view.file(file).isize;
    cycle.end = end;
    const table = this.#world.peek(file, cycle.first, cycle.count);
    for (let i = 0; i < cycle.count; i++) {
      const cache = table.cache[i]!;
      const owed =
        (cycle.first + i) * blockSize < end && ((cache & Cached.blockState) === 0 || (cache & Cached.dirty) !== 0);
      cycle.marks[i] = owed ? Mark.owed : Mark.none;
      cycle.again[i] = 0;
    }
    this.open.push(cycle);
    this.at = cycle;
  }

  /** `ioend-add` and `writeback-hole`. */
  mark(file: FileId, offset: Bytes, length: Bytes, mark: number): void {
    const { blockSize } = this.#world.geometry;
    const end = offset + length;
    for (let at = offset; at < end; ) {
      const cycle = this.find(file, at);
      if (cycle === null) return;
      const last = Math.min(cycle.count, Math.ceil((end - cycle.pos) / blockSize));
      for (let i = Math.floor((at - cycle.pos) / blockSize); i < last; i++)
        cycle.marks[i] = mark === Mark.carried && cycle.marks[i] === Mark.carried ? Mark.twice : mark;
      at = cycle.pos + cycle.size;
    }
  }

  /** `dirty`: a store during writeback is legal and belongs to the next cycle (WB-03). */
  dirtied(file: FileId, offset: Bytes, length: Bytes): void {
    if (this.open.length === 0) return;
    const { blockSize } = this.#world.geometry;
    for (const cycle of this.open) {
      if (cycle.file !== file || cycle.pos >= offset + length || cycle.pos + cycle.size <= offset) continue;
      const from = Math.max(0, Math.floor((offset - cycle.pos) / blockSize));
      cycle.again.fill(1, from, Math.min(cycle.count, Math.ceil((offset + length - cycle.pos) / blockSize)));
    }
  }

  /** `writeback-error` */
  fail(file: FileId): void {
    for (const cycle of this.open) if (cycle.file === file) cycle.failed = true;
  }

  /** `writeback-end`, before the checks hear it: the cycle is `at`, and closed. */
  end(file: FileId, pos: Bytes): void {
    this.at = this.find(file, pos);
    if (this.at === null) return;
    if (this.open[this.open.length - 1] === this.at) this.open.pop();
    else this.open.splice(this.open.indexOf(this.at), 1);
    this.#idle.push(this.at);
  }
}
