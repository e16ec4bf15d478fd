/**
 * The whole state of the model: its files, the storage they share, and the constants of the sequence. Plain data that can
 * be copied; everything that changes it is a function beside it.
 */
import {
  type Bytes,
  type FileId,
  type FileSystemOptions,
  type Geometry,
  roundDown,
  roundUp,
} from '../../contract/index.js';
import { Overlap } from '../judge/overlap.js';
import { ChunkPool } from './chunk.js';
import { FileModel } from './file.js';
import { SharedStorage } from './sharing.js';

export class State {
  readonly geometry: Geometry;
  options: FileSystemOptions;
  readonly pool: ChunkPool;
  readonly files: readonly FileModel[];
  readonly shared: SharedStorage = new SharedStorage();
  readonly overlap: Overlap = new Overlap();
  /** B, and the smallest folio: max(B, P). */
  readonly block: Bytes;
  readonly folio: Bytes;
  /** A failure that can make a part of it fail was injected into the call whose steps run. */
  faulted = false;
  /** Bytes of the device: nothing can be preallocated beyond that much. */
  readonly deviceBytes: Bytes;

  constructor(geometry: Geometry, options: FileSystemOptions, files: number) {
    this.geometry = geometry;
    this.options = options;
    this.pool = new ChunkPool(geometry);
    this.files = Array.from({ length: files }, (_, id) => new FileModel(id));
    this.block = geometry.blockSize;
    this.folio = Math.max(geometry.blockSize, geometry.pageSize);
    this.deviceBytes = geometry.deviceBlocks * geometry.blockSize;
  }

  file(id: FileId): FileModel {
    const file = this.files[id];
    if (file === undefined) throw new RangeError(`the model has no file ${id}`);
    return file;
  }

  reset(options: FileSystemOptions): void {
    this.options = options;
    for (const file of this.files) {
      file.clear(this.pool);
      file.history.clear();
    }
    this.shared.clear();
    this.overlap.clear();
    this.overlap.anyOrder = false;
  }

  blockDown(x: Bytes): Bytes {
    return roundDown(x, this.block);
  }
  blockUp(x: Bytes): Bytes {
    return roundUp(x, this.block);
  }
  folioDown(x: Bytes): Bytes {
    return roundDown(x, this.folio);
  }
  folioUp(x: Bytes): Bytes {
    return roundUp(x, this.folio);
  }
}
