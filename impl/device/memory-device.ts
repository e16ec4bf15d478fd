/**
 * A block device in memory (crash.md section 1): submission queues, completion copies. Every byte that was never written is
 * DEVICE_POISON. A reset costs as much as was written.
 */
import {
  type Bio,
  type BlockDevice,
  type Bytes,
  DEVICE_POISON,
  type DeviceHistory,
  type Errno,
  Ev,
  type Geometry,
  type Sink,
  silence,
} from '../../model/contract/index.js';
import { RecordedHistory } from './history.js';

/** Bytes of the piece of the device that a reset restores at once. */
const CHUNK = 4096;

export class MemoryDevice implements BlockDevice {
  readonly contents: Uint8Array;
  readonly inFlight: Bio[] = [];
  /** The flushes in flight with their numbers, so that their events can be told apart. */
  readonly #flushes: { readonly bio: Bio; readonly number: number }[] = [];
  #flushCount = 0;
  #history: RecordedHistory | null = null;
  #writeThrough = false;
  #sink: Sink = silence;
  readonly #sectorSize: Bytes;
  readonly #touched: Uint8Array;
  readonly #touchedList: number[] = [];

  /** `bytes` long: the data blocks, and behind them what the file system has for its metadata. */
  constructor(geometry: Geometry, bytes: Bytes = geometry.blockSize * geometry.deviceBlocks) {
    this.#sectorSize = geometry.sectorSize;
    this.contents = new Uint8Array(bytes).fill(DEVICE_POISON);
    this.#touched = new Uint8Array(Math.ceil(this.contents.length / CHUNK));
  }

  /** A fresh device in the same memory, poisoned or, where `image` says what a crash left, holding that. */
  reset(record: boolean, writeThrough: boolean, sink: Sink, image: Uint8Array | null = null): void {
    if (image === null) this.#poison();
    else {
      this.#touch(0, image.length);
      this.contents.set(image);
    }
    this.inFlight.length = 0;
    this.#flushes.length = 0;
    this.#sink = sink;
    this.#writeThrough = writeThrough;
    this.#history = record ? new RecordedHistory(this.contents, this.#sectorSize, writeThrough) : null;
  }

  get history(): DeviceHistory | null {
    return this.#history;
  }

  /** A completed write is durable: no volatile cache (CR-02 c). */
  get writeThrough(): boolean {
    return this.#writeThrough;
  }

  submit(bio: Bio): void {
    const unit = this.#sectorSize;
    if (
      bio.addr < 0 ||
      bio.addr % unit !== 0 ||
      bio.length % unit !== 0 ||
      bio.addr + bio.length > this.contents.length
    )
      throw new Error(`a ${bio.kind} of [${bio.addr}, ${bio.addr + bio.length}) does not fit the device`);
    if (bio.kind !== 'flush' && bio.length === 0) throw new Error(`a ${bio.kind} of no bytes`);
    this.inFlight.push(bio);
    this.#history?.submitted(bio);
    if (bio.kind === 'write') this.#sink.emit(Ev['bio-write'], bio.file, bio.addr, bio.length, bio.offset);
    else if (bio.kind === 'flush') {
      this.#flushes.push({ bio, number: ++this.#flushCount });
      this.#sink.emit(Ev['flush-begin'], bio.file, this.#flushCount, 0, 0);
    }
  }

  complete(bio: Bio, status: Errno): void {
    const place = this.inFlight.indexOf(bio);
    if (place < 0) throw new Error(`a ${bio.kind} completes that is not in flight`);
    if (place === 0) this.inFlight.shift();
    else this.inFlight.splice(place, 1);
    if (status === 0 && bio.kind === 'read') move(this.contents, bio.addr, bio.memory, bio.at, bio.length);
    else if (status === 0 && bio.kind === 'write') this.#store(bio);
    this.#history?.completed(bio, status);
    if (bio.kind === 'write') this.#sink.emit(Ev['bio-done'], bio.file, bio.addr, bio.length, status);
    else if (bio.kind === 'flush') this.#flushed(bio, status);
    bio.done(status);
  }

  /** What the medium holds before anything happens: what mkfs writes. History starts with it. */
  load(addr: Bytes, bytes: Uint8Array): void {
    this.#touch(addr, bytes.length);
    this.contents.set(bytes, addr);
    if (this.#history !== null)
      this.#history = new RecordedHistory(this.contents, this.#sectorSize, this.#writeThrough);
  }

  #flushed(bio: Bio, status: Errno): void {
    const place = this.#flushes.findIndex(it => it.bio === bio);
    const { number } = this.#flushes[place]!;
    if (place === this.#flushes.length - 1) this.#flushes.pop();
    else this.#flushes.splice(place, 1);
    if (status === 0) this.#sink.emit(Ev.flush, bio.file, number, 0, 0);
  }

  #poison(): void {
    for (const chunk of this.#touchedList) {
      this.contents.fill(DEVICE_POISON, chunk * CHUNK, (chunk + 1) * CHUNK);
      this.#touched[chunk] = 0;
    }
    this.#touchedList.length = 0;
  }

  #store(bio: Bio): void {
    this.#touch(bio.addr, bio.length);
    this.#history?.writing(bio.addr, bio.length);
    move(bio.memory, bio.at, this.contents, bio.addr, bio.length);
  }

  #touch(addr: Bytes, length: Bytes): void {
    const last = Math.floor((addr + length - 1) / CHUNK);
    for (let chunk = Math.floor(addr / CHUNK); chunk <= last; chunk++) {
      if (this.#touched[chunk] === 1) continue;
      this.#touched[chunk] = 1;
      this.#touchedList.push(chunk);
    }
  }
}

function move(from: Uint8Array, at: number, into: Uint8Array, to: number, length: number): void {
  if (length <= 32) for (let i = 0; i < length; i++) into[to + i] = from[at + i]!;
  else into.set(from.subarray(at, at + length), to);
}
