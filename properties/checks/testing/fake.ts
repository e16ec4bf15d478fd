/**
 * A target that is nothing but its view: files whose blocks, folios and counters a test sets by hand, a device whose bytes
 * it writes, and a truth it dictates. Blocks are 16 bytes, pages and folios four of them. Files start empty and known.
 */
import {
  type Bio,
  type BlockDevice,
  type BlockTable,
  Cached,
  CowFork,
  DEVICE_POISON,
  type FileId,
  type FileView,
  type FolioView,
  Fork,
  type Geometry,
  MEMORY_POISON,
  type SpaceView,
  type Truth,
} from '../../../model/contract/index.js';

export const B = 16;
export const GEOMETRY: Geometry = { blockSize: B, pageSize: 64, maxFolioSize: 64, sectorSize: 8, deviceBlocks: 64 };
const BLOCKS = 32;

/** One block of a fake file. */
export interface FakeBlock {
  data: number;
  dataBlock: number;
  shared: boolean;
  cow: number;
  cowBlock: number;
  uptodate: boolean;
  dirty: boolean;
}

export class FakeFolio implements FolioView {
  uptodate = false;
  dirty = false;
  locked = false;
  writeback = false;
  writable = false;
  hasBlockState = true;
  readPending = 0;
  writePending = 0;
  extraReferences = 0;
  readonly pos: number;
  size = 64;

  constructor(pos: number) {
    this.pos = pos;
  }
}

export class FakeFile implements FileView {
  readonly id: FileId;
  isize = 0;
  dsize = 0;
  cookie = 1;
  cowCookie = 1;
  version = 1;
  delayed: number | null = null;
  indexReservation = 0;
  readonly metadataBlocks = 0;
  readonly memory = new Uint8Array(BLOCKS * B).fill(MEMORY_POISON);
  readonly blocks: FakeBlock[] = Array.from({ length: BLOCKS }, () => ({
    data: Fork.hole as number,
    dataBlock: -1,
    shared: false,
    cow: CowFork.none as number,
    cowBlock: -1,
    uptodate: false,
    dirty: false,
  }));
  readonly folios: FakeFolio[] = [];

  constructor(id: FileId) {
    this.id = id;
  }

  get delayedBlocks(): number {
    if (this.delayed !== null) return this.delayed;
    return this.blocks.reduce((n, b) => n + Number(b.data === Fork.delay) + Number(b.cow === CowFork.delay), 0);
  }

  next(from: number): number {
    for (let i = from; i < BLOCKS; i++) {
      const block = this.blocks[i]!;
      if (block.data !== Fork.hole || block.cow !== CowFork.none || this.folioOf(i) !== undefined) return i;
    }
    return -1;
  }

  describe(first: number, count: number, table: BlockTable): void {
    table.frame(first, count);
    for (let i = 0; i < count; i++) {
      const block = this.blocks[first + i];
      const folio = this.folioOf(first + i);
      table.data[i] = block?.data ?? Fork.hole;
      table.dataBlock[i] = block?.dataBlock ?? -1;
      table.shared[i] = Number(block?.shared ?? false);
      table.cow[i] = block?.cow ?? CowFork.none;
      table.cowBlock[i] = block?.cowBlock ?? -1;
      table.cache[i] = block === undefined || folio === undefined ? 0 : cacheBits(block, folio);
      table.memoryAt[i] = folio === undefined ? -1 : (first + i) * B;
    }
  }

  folioOf(block: number): FakeFolio | undefined {
    return this.folios.find(folio => folio.pos <= block * B && block * B < folio.pos + folio.size);
  }

  /** Maps blocks as `data` says, written and unwritten ones from `dataBlock` on, and says so by cookie. */
  map(first: number, count: number, data: number, dataBlock = -1): void {
    for (let i = 0; i < count; i++) {
      const block = this.blocks[first + i]!;
      block.data = data;
      block.dataBlock = dataBlock < 0 ? -1 : dataBlock + i;
    }
    this.cookie++;
    this.version++;
  }

  mapCow(first: number, count: number, cow: number, cowBlock = -1): void {
    for (let i = 0; i < count; i++) {
      const block = this.blocks[first + i]!;
      block.cow = cow;
      block.cowBlock = cowBlock < 0 ? -1 : cowBlock + i;
    }
    this.cowCookie++;
    this.version++;
  }

  /** Caches the folio of a block, with blocks [first, first + count) of it uptodate and filled with `value`. */
  cache(first: number, count: number, value: number, dirty = false): FakeFolio {
    const pos = Math.floor((first * B) / 64) * 64;
    let folio = this.folioOf(first);
    if (folio === undefined) {
      folio = new FakeFolio(pos);
      this.folios.push(folio);
      this.folios.sort((a, b) => a.pos - b.pos);
    }
    for (let i = first; i < first + count; i++) {
      this.blocks[i]!.uptodate = true;
      this.blocks[i]!.dirty = dirty;
    }
    this.memory.fill(value, first * B, (first + count) * B);
    const blocks = this.blocks.slice(pos / B, pos / B + 4);
    folio.uptodate = blocks.every(block => block.uptodate);
    folio.dirty = blocks.some(block => block.dirty);
    this.version++;
    return folio;
  }

  /** Clears D of blocks, and the folio's flag with the last of them. */
  clean(first: number, count: number): void {
    for (let i = first; i < first + count; i++) this.blocks[i]!.dirty = false;
    const folio = this.folioOf(first);
    if (folio !== undefined)
      folio.dirty = this.blocks.slice(folio.pos / B, folio.pos / B + 4).some(block => block.dirty);
    this.version++;
  }
}

function cacheBits(block: FakeBlock, folio: FakeFolio): number {
  let bits = Cached.present as number;
  if (block.uptodate) bits |= Cached.uptodate;
  if (block.dirty) bits |= Cached.dirty;
  if (folio.uptodate) bits |= Cached.folioUptodate;
  if (folio.dirty) bits |= Cached.folioDirty;
  if (folio.locked) bits |= Cached.locked;
  if (folio.writeback) bits |= Cached.writeback;
  if (folio.hasBlockState) bits |= Cached.blockState;
  if (folio.writable) bits |= Cached.writable;
  return bits;
}

export class FakeSpace implements SpaceView {
  total = 64;
  free = 64;
  reserved = 0;
  allocated = 0;
  readonly owners = new Map<number, number>();
  readonly metadata = new Set<number>();

  references(block: number): number {
    return this.owners.get(block) ?? 0;
  }

  isMetadata(block: number): boolean {
    return this.metadata.has(block);
  }
}

export class FakeDevice implements BlockDevice {
  readonly inFlight: Bio[] = [];
  readonly contents = new Uint8Array(64 * B).fill(DEVICE_POISON);
  readonly history = null;

  submit(): void {}
  complete(): void {}
}

/** The truth is a file's bytes as the test puts them; what was never put is zero. */
export class FakeTruth implements Truth {
  readonly bytes = new Map<FileId, Uint8Array>();

  of(file: FileId): Uint8Array {
    const known = this.bytes.get(file) ?? new Uint8Array(BLOCKS * B);
    this.bytes.set(file, known);
    return known;
  }

  size(): number {
    return 0;
  }

  differs(file: FileId, offset: number, length: number, memory: Uint8Array, at: number): number {
    const bytes = this.of(file);
    for (let i = 0; i < length; i++) if (memory[at + i] !== (bytes[offset + i] ?? 0)) return offset + i;
    return -1;
  }

  explain(file: FileId, offset: number, seen: number): string {
    return `byte ${offset} of file ${file} shows ${seen}, not ${this.of(file)[offset] ?? 0}`;
  }
}
