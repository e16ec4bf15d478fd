/**
 * Sparse storage of a file: chunks of consecutive blocks with their bytes, states and owners, in order of position. What
 * no chunk covers is zero bytes in holes, so a file of 2^53 bytes costs what was written of it. A chunk's bytes exist
 * only from the first byte on that is not zero. Chunks come from a pool that outlives the sequence.
 */
import type { Bytes, Geometry } from '../../contract/index.js';
import { Block } from './blocks.js';

export class Chunk {
  /** First byte of the file in this chunk, and the first behind it. */
  start: Bytes = 0;
  end: Bytes = 0;
  /** null: all zero. A Buffer, because it compares and copies ranges without a view. */
  bytes: Buffer | null = null;
  /** The same bytes. */
  words: Uint32Array | null = null;
  /** `Block` bits, one a block. */
  readonly state: Uint8Array;
  /** Which shared storage a block uses (`sharing.ts`), 0 for storage of its own; null while no block shares. */
  owners: Int32Array | null = null;
  private spareOwners: Int32Array | null = null;

  constructor(blocks: number) {
    this.state = new Uint8Array(blocks);
  }

  /** The owners, from the first block on that shares. */
  owning(): Int32Array {
    if (this.owners === null) {
      this.owners = this.spareOwners ?? new Int32Array(this.state.length);
      this.spareOwners = null;
    }
    return this.owners;
  }

  disown(): void {
    if (this.owners === null) return;
    this.spareOwners = this.owners.fill(0);
    this.owners = null;
  }
}

export class ChunkPool {
  readonly blockSize: Bytes;
  readonly chunkBytes: Bytes;
  readonly chunkBlocks: number;
  private readonly chunks: Chunk[] = [];
  private readonly buffers: Buffer[] = [];
  private readonly views: Uint32Array[] = [];

  constructor(geometry: Geometry) {
    this.blockSize = geometry.blockSize;
    // Many steps go over all blocks of a chunk, so tiny blocks make small chunks.
    this.chunkBytes = Math.max(Math.min(4096, 64 * geometry.blockSize), 16 * geometry.blockSize);
    this.chunkBlocks = this.chunkBytes / geometry.blockSize;
  }

  /** An all-hole chunk around `offset`. */
  take(offset: Bytes): Chunk {
    const chunk = this.chunks.pop() ?? new Chunk(this.chunkBlocks);
    chunk.start = offset - (offset % this.chunkBytes);
    chunk.end = chunk.start + this.chunkBytes;
    chunk.state.fill(Block.HOLE);
    return chunk;
  }

  give(chunk: Chunk): void {
    this.dropBytes(chunk);
    chunk.disown();
    this.chunks.push(chunk);
  }

  /** The chunk's bytes, made if it had none. */
  bytesOf(chunk: Chunk): Buffer {
    if (chunk.bytes !== null) return chunk.bytes;
    const bytes = this.buffers.pop()?.fill(0) ?? Buffer.alloc(this.chunkBytes);
    chunk.words = this.views.pop() ?? new Uint32Array(bytes.buffer, bytes.byteOffset, this.chunkBytes / 4);
    return (chunk.bytes = bytes);
  }

  dropBytes(chunk: Chunk): void {
    if (chunk.bytes === null) return;
    this.buffers.push(chunk.bytes);
    this.views.push(chunk.words!);
    chunk.bytes = null;
    chunk.words = null;
  }
}
