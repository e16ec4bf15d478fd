/**
 * What happened at the device, append-only: submissions, completions with the bytes a write carried, flushes. From it follow
 * the writes that a crash at a cut may lose (CR-02, CR-03) and the medium after it. A failed write leaves its sectors old
 * or new (CR-04), so it never becomes durable by a flush.
 */
import type {
  Bio,
  BioCargo,
  Bytes,
  DeviceHistory,
  Errno,
  FileId,
  Survivors,
  VolatileWrite,
} from '../../model/contract/index.js';

/** A write or flush from submission to completion; times are indices in the history, Infinity while open. */
class RecordedWrite implements VolatileWrite {
  readonly event: number;
  readonly bio: Bio;
  readonly addr: Bytes;
  readonly length: Bytes;
  readonly cargo: BioCargo;
  readonly file: FileId;
  readonly offset: Bytes;
  readonly atomic: boolean;
  completed = Number.POSITIVE_INFINITY;
  failed = false;
  bytes: Uint8Array | null = null;

  constructor(event: number, bio: Bio) {
    this.event = event;
    this.bio = bio;
    this.addr = bio.addr;
    this.length = bio.length;
    this.cargo = bio.cargo;
    this.file = bio.file;
    this.offset = bio.offset;
    this.atomic = bio.atomic;
  }

  /** What the write carries: its bytes at completion, or as memory stands while it is in flight. */
  carried(): Uint8Array {
    return this.bytes ?? this.bio.memory.subarray(this.bio.at, this.bio.at + this.length);
  }
}

export class RecordedHistory implements DeviceHistory {
  readonly #initial: Uint8Array;
  readonly #sectorSize: Bytes;
  readonly #writeThrough: boolean;
  readonly #writes: RecordedWrite[] = [];
  readonly #flushes: RecordedWrite[] = [];
  readonly #open = new Map<Bio, RecordedWrite>();
  #length = 0;

  constructor(contents: Uint8Array, sectorSize: Bytes, writeThrough: boolean) {
    this.#initial = contents.slice();
    this.#sectorSize = sectorSize;
    this.#writeThrough = writeThrough;
  }

  get length(): number {
    return this.#length;
  }

  submitted(bio: Bio): void {
    const event = this.#length++;
    if (bio.kind === 'read') return;
    const entry = new RecordedWrite(event, bio);
    this.#open.set(bio, entry);
    if (bio.kind === 'write') this.#writes.push(entry);
    else this.#flushes.push(entry);
  }

  completed(bio: Bio, status: Errno): void {
    const event = this.#length++;
    const entry = this.#open.get(bio);
    if (entry === undefined) return;
    this.#open.delete(bio);
    if (bio.kind === 'write') entry.bytes = entry.carried().slice();
    entry.completed = event;
    entry.failed = status !== 0;
  }

  volatileAt(cut: number): readonly VolatileWrite[] {
    return this.#writes.filter(write => write.event < cut && !this.#durable(write, cut));
  }

  image(cut: number, survive: Survivors): Uint8Array {
    const medium = this.#initial.slice();
    const sector = this.#sectorSize;
    const durable = this.#writes.filter(write => write.event < cut && this.#durable(write, cut));
    durable.sort((a, b) => a.completed - b.completed);
    /** Per sector: when the write that is durably there was submitted. */
    const since = new Map<number, number>();
    for (const write of durable) {
      medium.set(write.carried(), write.addr);
      for (let at = write.addr; at < write.addr + write.length; at += sector) since.set(at, write.event);
    }
    for (const write of this.#writes) {
      if (write.event >= cut || this.#durable(write, cut)) continue;
      const bytes = write.carried();
      for (let at = 0, index = 0; at < write.length; at += sector, index++) {
        // CR-03: a write that had completed before a durable one was issued cannot come back over it.
        if (write.completed < (since.get(write.addr + at) ?? -1)) continue;
        if (survive.survives(write, index)) medium.set(bytes.subarray(at, at + sector), write.addr + at);
      }
    }
    return medium;
  }

  #durable(write: RecordedWrite, cut: number): boolean {
    if (write.failed || write.completed >= cut) return false;
    if (write.bio.fua || this.#writeThrough) return true;
    return this.#flushes.some(flush => flush.event > write.completed && flush.completed < cut && !flush.failed);
  }
}
