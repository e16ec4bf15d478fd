/**
 * The application's memory: where written bytes come from, and where read bytes go. Only its leading `accessible` bytes can
 * be touched; the rest faults. Positions are file offsets, because the bytes of a write are a function of them.
 */
import { type Answer, type Bytes, type Call, type Data, fillData } from '../../model/contract/index.js';

/** What is to be written at [base, base + length). */
export class WriteSource {
  readonly base: Bytes;
  readonly length: Bytes;
  /** First file offset whose byte cannot be accessed. */
  readonly wall: Bytes;
  readonly #data: Data;
  readonly #bytes: Uint8Array | null;

  constructor(base: Bytes, length: Bytes, accessible: Bytes, data: Data, bytes: Uint8Array | null = null) {
    this.base = base;
    this.length = length;
    this.wall = accessible < 0 ? base + length : base + Math.min(accessible, length);
    this.#data = data;
    this.#bytes = bytes;
  }

  get end(): Bytes {
    return this.base + this.length;
  }

  /** Bytes of [pos, pos + length) that can be accessed. */
  reachable(pos: Bytes, length: Bytes): Bytes {
    return Math.max(0, Math.min(length, this.wall - pos));
  }

  copyTo(pos: Bytes, into: Uint8Array, at: number, length: Bytes): void {
    if (this.#bytes === null) fillData(this.#data, pos, into, at, length);
    else into.set(this.#bytes.subarray(pos - this.base, pos - this.base + length), at);
  }
}

/** The source of a write call. `length` may be cut by the largest file size. */
export function sourceOf(call: Call, length: Bytes = call.length): WriteSource {
  return new WriteSource(call.offset, length, call.accessible, call.data);
}

/** Where a read puts what it finds at [base, base + length). */
export class ReadBuffer {
  readonly base: Bytes;
  readonly wall: Bytes;
  readonly #memory: { bytes: Uint8Array };

  constructor(base: Bytes, length: Bytes, accessible: Bytes, memory: { bytes: Uint8Array }) {
    this.base = base;
    this.#memory = memory;
    this.wall = accessible < 0 ? base + length : base + Math.min(accessible, length);
  }

  get bytes(): Uint8Array {
    return this.#memory.bytes;
  }

  reachable(pos: Bytes, length: Bytes): Bytes {
    return Math.max(0, Math.min(length, this.wall - pos));
  }

  /** There is memory for the first `length` bytes; what stands there stays. */
  room(length: Bytes): void {
    const { bytes } = this.#memory;
    if (bytes.length >= length) return;
    this.#memory.bytes = new Uint8Array(Math.max(256, 2 ** Math.ceil(Math.log2(length))));
    this.#memory.bytes.set(bytes);
  }

  /** Takes bytes of `from` for file offset `pos`. */
  copyFrom(from: Uint8Array, at: number, pos: Bytes, length: Bytes): void {
    const to = pos - this.base;
    this.room(to + length);
    const into = this.bytes;
    if (length <= 32) for (let i = 0; i < length; i++) into[to + i] = from[at + i]!;
    else into.set(from.subarray(at, at + length), to);
  }

  zero(pos: Bytes, length: Bytes): void {
    const to = pos - this.base;
    this.room(to + length);
    this.bytes.fill(0, to, to + length);
  }
}

/**
 * The buffer of a read call, in the memory of its answer, with room for `length`: what the file can hold of it now. It grows
 * with the file, which direct writes make larger beside a read (PC-28).
 */
export function bufferOf(call: Call, answer: Answer, length: Bytes): ReadBuffer {
  const buffer = new ReadBuffer(call.offset, call.length, call.accessible, answer);
  buffer.room(length);
  return buffer;
}
