/**
 * The ioends of writeback, rebuilt from the events about them: pieces join a pending ioend, it is submitted, completed
 * ones may be merged, and completion work finishes (writeback.md sections 4 and 5). What cannot be rebuilt is a fault in
 * the shape of an ioend, kept as a sentence for INV-45.
 */
import { ioendTable } from '../../../model/charts/ioend.js';
import { type Bytes, CowFork, type Errno, type FileId, Fork } from '../../../model/contract/index.js';
import type { World } from './world.js';

/** Where a piece's blocks stood when it was added: the attributes that ioends must not mix (WB-21). */
const PieceKind = { plain: 0, unwritten: 1, shared: 2, nowhere: 3 } as const;
type PieceKind = (typeof PieceKind)[keyof typeof PieceKind];
const PIECE_KINDS = ['written', 'unwritten', 'copy-on-write', 'unmapped'] as const;

export class IoendTrack {
  file: FileId = 0;
  offset: Bytes = 0;
  /** End of the pieces, in whole blocks, and the logical end told at submission (WB-26, WB-27). */
  bioEnd: Bytes = 0;
  end: Bytes = 0;
  /** The logical end that WB-26 gives it: that of its last piece, or of the file as sampled when that folio was taken. */
  due: Bytes = 0;
  addr: Bytes = 0;
  kind: PieceKind = PieceKind.plain;
  submitted = false;
  /** How many pieces it was made of, and how many of its bytes the device is through with. */
  pieces = 1;
  completed: Bytes = 0;
  /** The chart's state (model/charts/ioend.ts). */
  state = 0;
  /** A device write of it failed. */
  failed = false;
  /** It raised the on-disk size (WB-50). */
  raised = false;
  /** Number of its submission among all calls and submissions, for INV-77. */
  moment = 0;
}

export class Ioends {
  readonly list: IoendTrack[] = [];
  /** The one that the event in progress is about, or null. */
  at: IoendTrack | null = null;
  /** What is wrong with the event in progress, or ''. */
  trouble = '';
  readonly #idle: IoendTrack[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  reset(): void {
    while (this.list.length > 0) this.#idle.push(this.list.pop()!);
  }

  /** `ioend-add`: a piece waits in the pending ioend of some pass. */
  add(file: FileId, offset: Bytes, length: Bytes, addr: Bytes): void {
    const block = this.#world.geometry.blockSize;
    const piece = this.#idle.pop() ?? new IoendTrack();
    piece.file = file;
    piece.offset = offset;
    piece.end = offset + length;
    piece.bioEnd = offset + Math.ceil(length / block) * block;
    piece.due = Math.min(piece.end, this.#world.cycles.find(file, piece.end - 1)?.end ?? piece.end);
    piece.addr = addr;
    piece.kind = this.#kindOf(file, offset, addr);
    piece.submitted = false;
    piece.pieces = 1;
    piece.completed = 0;
    piece.state = ioendTable.initial;
    piece.failed = false;
    piece.raised = false;
    this.list.push(piece);
  }

  /** `ioend-submit`: the pieces that make it up become one. Passes run side by side, so they need not be neighbours here. */
  submit(file: FileId, offset: Bytes, length: Bytes, addr: Bytes): void {
    const place = this.#pieceAt(file, offset, 0);
    const first = this.list[place];
    this.at = first ?? null;
    this.trouble = '';
    const fault =
      first === undefined
        ? 'was not built from pieces that begin there'
        : (this.#join(first, place, offset + length) ??
          (first.kind === PieceKind.nowhere ? 'goes to a place that no fork of the file maps (WB-14)' : null) ??
          (first.addr === addr ? null : `begins with a piece at device byte ${first.addr}`));
    if (fault !== null) this.trouble = `ioend of [${offset}, ${offset + length}) at device byte ${addr} ${fault}`;
    if (first === undefined) return;
    first.submitted = true;
    first.end = offset + length;
    first.moment = ++this.#world.moment;
  }

  /** Joins to `first` the pieces behind it up to `end`; what is wrong with them, or null. */
  #join(first: IoendTrack, place: number, end: Bytes): string | null {
    let from = place;
    let fault: string | null = null;
    while (first.bioEnd < end) {
      from = this.#pieceAt(first.file, first.bioEnd, from);
      const next = this.list[from];
      if (next === undefined) return `has no piece at ${first.bioEnd} (WB-22)`;
      if (next.kind !== first.kind)
        fault = `has ${PIECE_KINDS[first.kind]} and ${PIECE_KINDS[next.kind]} pieces (WB-21)`;
      else if (next.addr !== first.addr + (next.offset - first.offset))
        fault = `has a piece at device byte ${next.addr}, not contiguous with the one before (WB-23)`;
      else if (first.due < first.bioEnd)
        fault = `goes on at ${next.offset} behind a piece that ends at ${first.due} with the file (WB-22)`;
      first.bioEnd = next.bioEnd;
      first.due = next.due;
      first.pieces++;
      this.#drop(from);
      if (from <= place) from = 0;
    }
    return fault;
  }

  /** The place of the piece that waits at a file offset, searched from a place on and then from the start; −1 if none. */
  #pieceAt(file: FileId, offset: Bytes, from: number): number {
    const { list } = this;
    for (let k = 0; k < list.length; k++) {
      const at = from + k < list.length ? from + k : from + k - list.length;
      const piece = list[at]!;
      if (!piece.submitted && piece.file === file && piece.offset === offset) return at;
    }
    return -1;
  }

  /**
   * `ioend-merge`: the completed ioend that begins at `offset` was merged into the one before it. One that the file system
   * kept from the device never was submitted: its pieces wait, and it is completed all the same, as failed (WB-28).
   */
  merge(file: FileId, offset: Bytes): void {
    this.trouble = '';
    const next = this.#completed(it => it.file === file && it.offset === offset);
    const first = this.#completed(it => it.file === file && it.offset < offset && it.end >= offset);
    if (next === undefined || first === undefined) {
      this.trouble = `an ioend at ${offset} was merged into one that does not end there (WB-40)`;
      return;
    }
    const contiguous = first.end === offset && next.addr === first.addr + (offset - first.offset);
    if (!contiguous || next.kind !== first.kind || hasFailed(next) !== hasFailed(first))
      this.trouble = `completed ioends ${describe(first)} and ${describe(next)} were merged (WB-40)`;
    first.end = next.end;
    first.bioEnd = next.bioEnd;
    first.completed += next.completed;
    this.#drop(this.list.indexOf(next));
  }

  #completed(is: (ioend: IoendTrack) => boolean): IoendTrack | undefined {
    return this.list.find(it => it.submitted && is(it)) ?? this.list.find(is);
  }

  /** `bio-done` of a data write: counts, and remembers failures. `at` is the ioend it belongs to, if it is one. */
  written(file: FileId, addr: Bytes, length: Bytes, status: Errno): void {
    this.at = null;
    for (const ioend of this.list) {
      if (!ioend.submitted || ioend.file !== file) continue;
      if (addr < ioend.addr || addr >= ioend.addr + (ioend.bioEnd - ioend.offset)) continue;
      ioend.completed += length;
      if (status !== 0) ioend.failed = true;
      this.at = ioend;
      return;
    }
  }

  /** `ioend-done`, after the checks heard it. */
  done(file: FileId, offset: Bytes, length: Bytes): void {
    for (let i = this.list.length - 1; i >= 0; i--) {
      const ioend = this.list[i]!;
      if (ioend.file === file && ioend.offset >= offset && ioend.offset < offset + length) this.#drop(i);
    }
  }

  #drop(index: number): void {
    this.#idle.push(this.list[index]!);
    if (index === this.list.length - 1) this.list.pop();
    else this.list.splice(index, 1);
  }

  #kindOf(file: FileId, offset: Bytes, addr: Bytes): PieceKind {
    const { blockSize } = this.#world.geometry;
    const table = this.#world.peek(file, Math.floor(offset / blockSize), 1);
    const target = Math.floor(addr / blockSize);
    if (table.cow[0]! >= CowFork.real && table.cowBlock[0] === target) return PieceKind.shared;
    if (table.dataBlock[0] !== target) return PieceKind.nowhere;
    if (table.data[0] === Fork.unwritten) return PieceKind.unwritten;
    return PieceKind.plain;
  }
}

function hasFailed(ioend: IoendTrack): boolean {
  return ioend.failed || !ioend.submitted;
}

function describe(ioend: IoendTrack): string {
  const failed = hasFailed(ioend) ? ', failed' : '';
  return `[${ioend.offset}, ${ioend.end}) (${PIECE_KINDS[ioend.kind]}, device byte ${ioend.addr}${failed})`;
}
