/**
 * What happened at the device, append-only: submissions and completions, with the bytes each write carried at both, and
 * flushes. From it follow the writes that a crash at a cut may lose (CR-02, CR-03) and the medium after it. A failed write
 * leaves its sectors old or new (CR-04), so it never becomes durable, and what a read has shown of it stays; a failed flush
 * promises nothing (CR-05).
 */
import type {
  Bio,
  BioCargo,
  BioKind,
  Bytes,
  DeviceHistory,
  Errno,
  FileId,
  Survivors,
  VolatileWrite,
} from '../../model/contract/index.js';
import { Medium } from './medium.js';

/** A write, flush or read from submission to completion; times are indices in the history, Infinity while open. */
export class RecordedBio implements VolatileWrite {
  readonly event: number;
  readonly kind: BioKind;
  readonly addr: Bytes;
  readonly length: Bytes;
  readonly cargo: BioCargo;
  readonly file: FileId;
  readonly offset: Bytes;
  readonly atomic: boolean;
  /** Durable as soon as it has completed (CR-02 a, c). */
  readonly durable: boolean;
  completed = Number.POSITIVE_INFINITY;
  failed = false;
  /** A store may change memory while the write is in flight (WB-03); a crash then has no business with what came later. */
  readonly submitted: Uint8Array;
  taken: Uint8Array | null = null;
  bytes: Uint8Array;

  constructor(event: number, bio: Bio, writeThrough: boolean) {
    this.event = event;
    this.kind = bio.kind;
    this.addr = bio.addr;
    this.length = bio.length;
    this.cargo = bio.cargo;
    this.file = bio.file;
    this.offset = bio.offset;
    this.atomic = bio.atomic;
    this.durable = bio.fua || writeThrough;
    this.submitted = carried(bio);
    this.bytes = this.submitted;
  }

  /** When it had completed, as seen from a cut. */
  completedBefore(cut: number): number {
    return this.completed < cut ? this.completed : Number.POSITIVE_INFINITY;
  }
}

function carried(bio: Bio): Uint8Array {
  return bio.kind === 'write' ? bio.memory.slice(bio.at, bio.at + bio.length) : NOTHING;
}

const NOTHING = new Uint8Array(0);
/** Bytes of the pieces in which the former contents are kept. */
const PIECE = 1024;

export class RecordedHistory implements DeviceHistory {
  readonly #writeThrough: boolean;
  /** Per event its bio; null for those of reads before any write failed, of which nothing is to be said. */
  readonly #events: (RecordedBio | null)[] = [];
  readonly #open = new Map<Bio, RecordedBio>();
  readonly #contents: Uint8Array;
  readonly #sectorSize: Bytes;
  /** Some write failed. */
  #doubtful = false;
  /** What pieces of the device held before the first write to them, by number. */
  readonly #former = new Map<number, Uint8Array>();
  #medium: Medium | null = null;

  constructor(contents: Uint8Array, sectorSize: Bytes, writeThrough: boolean) {
    this.#contents = contents;
    this.#sectorSize = sectorSize;
    this.#writeThrough = writeThrough;
  }

  /** The device is about to write [addr, addr + length): most histories are never looked at, so nothing is copied before. */
  writing(addr: Bytes, length: Bytes): void {
    for (let piece = Math.floor(addr / PIECE); piece * PIECE < addr + length; piece++)
      if (!this.#former.has(piece)) this.#former.set(piece, this.#contents.slice(piece * PIECE, (piece + 1) * PIECE));
  }

  /** The medium as it was when the history began is known from here on. */
  get #known(): Medium {
    if (this.#medium === null) {
      const initial = this.#contents.slice();
      for (const [piece, bytes] of this.#former) initial.set(bytes, piece * PIECE);
      this.#medium = new Medium(initial, this.#sectorSize, this.#events);
    }
    return this.#medium;
  }

  get length(): number {
    return this.#events.length;
  }

  submitted(bio: Bio): void {
    if (bio.kind === 'read' && !this.#doubtful) {
      this.#events.push(null);
      return;
    }
    const entry = new RecordedBio(this.#events.length, bio, this.#writeThrough);
    this.#open.set(bio, entry);
    this.#events.push(entry);
  }

  completed(bio: Bio, status: Errno): void {
    const entry = this.#open.get(bio) ?? null;
    if (entry !== null) {
      this.#open.delete(bio);
      entry.taken = carried(bio);
      entry.completed = this.#events.length;
      entry.failed = status !== 0;
      this.#doubtful ||= entry.failed && entry.kind === 'write';
    }
    this.#events.push(entry);
  }

  volatileAt(cut: number): readonly VolatileWrite[] {
    this.#known.moveTo(cut);
    return this.#known.volatile;
  }

  candidate(cut: number, write: VolatileWrite, sector: number): boolean {
    this.#known.moveTo(cut);
    return write instanceof RecordedBio && this.#known.isCandidate(write, sector);
  }

  image(cut: number, survive: Survivors): Uint8Array {
    return this.lendImage(cut, survive).slice();
  }

  lendDurable(cut: number): Uint8Array {
    this.#known.moveTo(cut);
    return this.#known.durable;
  }

  lendImage(cut: number, survive: Survivors): Uint8Array {
    this.#known.moveTo(cut);
    return this.#known.overlay(survive);
  }
}
