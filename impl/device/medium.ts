/**
 * The medium at a cut of the history: what is durable there, the writes that are not, and images with a choice of these
 * (CR-01 … CR-03). A cut that lies ahead is reached by going on from the last one, and one image is made from another by
 * taking back the few sectors in which it differs: a campaign looks at ten thousand of them a second.
 */
import type { Bytes, Survivors } from '../../model/contract/index.js';
import type { RecordedBio } from './history.js';

export class Medium {
  /** The writes that are not durable and may still be what one of their sectors holds, in order of submission. */
  volatile: RecordedBio[] = [];
  readonly #events: readonly (RecordedBio | null)[];
  readonly #initial: Uint8Array;
  readonly #sectorSize: Bytes;
  #cut = 0;
  /** What is durable, and per sector when that write was submitted and completed; −1: never written. */
  #durable: Uint8Array | null = null;
  #issued = new Float64Array(0);
  #finished = new Float64Array(0);
  /** `#durable` with an overlay in the sectors listed. */
  #image: Uint8Array | null = null;
  readonly #overlaid: number[] = [];
  /** Of failed writes the sectors that a read has shown without them since. */
  readonly #absent = new Map<RecordedBio, Set<number>>();

  constructor(initial: Uint8Array, sectorSize: Bytes, events: readonly (RecordedBio | null)[]) {
    this.#initial = initial;
    this.#sectorSize = sectorSize;
    this.#events = events;
  }

  moveTo(cut: number): void {
    if (cut === this.#cut && this.#durable !== null) return;
    if (this.#durable === null || cut < this.#cut) this.#rewind();
    for (; this.#cut < cut; this.#cut++) this.#pass(this.#cut);
    for (const write of this.volatile)
      write.bytes = write.taken !== null && write.completed < cut ? write.taken : write.submitted;
  }

  /** What is durable at the cut. */
  get durable(): Uint8Array {
    return this.#durable!;
  }

  /**
   * CR-03: what had completed before the durable write of the sector was issued cannot come back over it. CR-04: nor can
   * what a read has shown not to be there.
   */
  isCandidate(write: RecordedBio, sector: number): boolean {
    if (write.failed && this.#absent.get(write)?.has(sector) === true) return false;
    const issued = this.#issued[write.addr / this.#sectorSize + sector]!;
    return write.completedBefore(this.#cut) >= issued;
  }

  /** The medium with those volatile sectors that survive. */
  overlay(survive: Survivors): Uint8Array {
    const image = this.#image!;
    const durable = this.#durable!;
    const unit = this.#sectorSize;
    for (const sector of this.#overlaid) copy(durable, sector * unit, image, sector * unit, unit);
    this.#overlaid.length = 0;
    for (const write of this.volatile) {
      const first = write.addr / unit;
      const whole = write.atomic && survive.survives(write, 0);
      for (let sector = 0; sector < write.length / unit; sector++) {
        if (!this.isCandidate(write, sector)) continue;
        if (!(write.atomic ? whole : survive.survives(write, sector))) continue;
        copy(write.bytes, sector * unit, image, (first + sector) * unit, unit);
        this.#overlaid.push(first + sector);
      }
    }
    return image;
  }

  #rewind(): void {
    this.#cut = 0;
    this.volatile = [];
    this.#overlaid.length = 0;
    this.#absent.clear();
    if (this.#durable === null) {
      this.#durable = this.#initial.slice();
      this.#image = this.#initial.slice();
      this.#issued = new Float64Array(this.#initial.length / this.#sectorSize);
      this.#finished = new Float64Array(this.#initial.length / this.#sectorSize);
    } else {
      this.#durable.set(this.#initial);
      this.#image!.set(this.#initial);
    }
    this.#issued.fill(-1);
    this.#finished.fill(-1);
  }

  /** Goes over one event (CR-02). */
  #pass(event: number): void {
    const bio = this.#events[event] ?? null;
    if (bio === null) return;
    if (bio.event === event) {
      if (bio.kind === 'write') this.volatile.push(bio);
      return;
    }
    if (bio.failed) return;
    if (bio.kind === 'read') this.#shown(bio);
    else if (bio.kind === 'flush' || bio.durable) this.#makeDurable(bio);
  }

  /** A flush, or a write through the cache, is complete. */
  #makeDurable(bio: RecordedBio): void {
    const settled =
      bio.kind === 'flush' ? this.volatile.filter(write => !write.failed && write.completed < bio.event) : [bio];
    settled.sort((a, b) => a.completed - b.completed);
    for (const write of settled) this.#settle(write);
    this.volatile = this.volatile.filter(
      write => !settled.includes(write) && this.#hasCandidate(write, bio.completed + 1),
    );
  }

  /** The write is durable. Of two in one sector the one that completed last is what the medium holds. */
  #settle(write: RecordedBio): void {
    const unit = this.#sectorSize;
    const first = write.addr / unit;
    for (let sector = 0; sector < write.length / unit; sector++) {
      const at = first + sector;
      if (this.#finished[at]! > write.completed) continue;
      this.#finished[at] = write.completed;
      this.#issued[at] = write.event;
      copy(write.taken!, sector * unit, this.#durable!, at * unit, unit);
      copy(write.taken!, sector * unit, this.#image!, at * unit, unit);
    }
  }

  /** A read shows of the writes that had failed before it what they left, unless another has stored there since (CR-04). */
  #shown(read: RecordedBio): void {
    const unit = this.#sectorSize;
    for (const write of this.volatile) {
      if (!write.failed || write.completed > read.event) continue;
      const sectors = this.#absent.get(write) ?? new Set();
      this.#absent.set(write, sectors);
      const first = write.addr / unit;
      const count = write.length / unit;
      for (let sector = 0; sector < count; sector++) {
        const at = (first + sector) * unit;
        if (at < read.addr || at >= read.addr + read.length || this.#hasStored(first + sector, write, read)) continue;
        // All or nothing (CR-01).
        for (let i = write.atomic ? 0 : sector; i < (write.atomic ? count : sector + 1); i++) sectors.add(i);
      }
    }
  }

  /** Some write of the sector was completed between the end of `since` and that of `until`. */
  #hasStored(sector: number, since: RecordedBio, until: RecordedBio): boolean {
    if (this.#finished[sector]! > since.completed) return true;
    const at = sector * this.#sectorSize;
    return this.volatile.some(
      other =>
        !other.failed &&
        other.completed > since.completed &&
        other.completed < until.completed &&
        at >= other.addr &&
        at < other.addr + other.length,
    );
  }

  #hasCandidate(write: RecordedBio, cut: number): boolean {
    const completed = write.completedBefore(cut);
    const first = write.addr / this.#sectorSize;
    for (let sector = 0; sector < write.length / this.#sectorSize; sector++)
      if (completed >= this.#issued[first + sector]!) return true;
    return false;
  }
}

function copy(from: Uint8Array, at: number, into: Uint8Array, to: number, length: number): void {
  for (let i = 0; i < length; i++) into[to + i] = from[at + i]!;
}
