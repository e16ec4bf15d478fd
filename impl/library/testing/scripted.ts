/**
 * A file system of a few lines for the library's own tests: a list of pieces as its map, delayed allocation for buffered
 * writes into holes, unwritten allocation for direct ones, a log of every callback. And a driver that completes I/O and
 * runs completion work whenever the task waits.
 */
import {
  type Bio,
  type Bytes,
  type Chooser,
  type Errno,
  type Geometry,
  type IoendRecord,
  type Iomap,
  type IomapOps,
  LoneTask,
  MapFlag,
  MapType,
  NULL_ADDR,
  OpFlag,
  type OpFlags,
  roundDown,
  roundUp,
  type Sink,
  type Steps,
  silence,
  type Task,
  uneventful,
  type WritebackOps,
} from '../../../model/contract/index.js';
import { MemoryDevice } from '../../device/index.js';
import { acquire, EXCLUSIVE } from '../../sync/index.js';
import { CachedInode } from '../cached-inode.js';
import { writeDelallocRelease } from '../delalloc-release.js';
import type { DirectOps } from '../direct-request.js';
import { EndIoFlag } from '../direct-request.js';
import { Context, folioMemoryFor, Platform } from '../platform.js';

export interface Piece {
  readonly from: Bytes;
  readonly to: Bytes;
  readonly type: MapType;
  /** Device address; same as `from` if absent. */
  readonly addr?: Bytes;
  readonly flags?: number;
}

export class ScriptedInode extends CachedInode implements WritebackOps<CachedInode> {
  readonly log: string[] = [];
  pieces: Piece[] = [];
  cookie = 0;
  /** Called before each begin answers, for races. */
  onBegin: ((pos: Bytes) => void) | null = null;
  readonly writebackOps: WritebackOps<CachedInode> = this;

  pieceAt(pos: Bytes): Piece {
    const found = this.pieces.find(piece => piece.from <= pos && pos < piece.to);
    if (found !== undefined) return found;
    const next = this.pieces.filter(piece => piece.from > pos).map(piece => piece.from);
    const before = this.pieces.filter(piece => piece.to <= pos).map(piece => piece.to);
    return { from: Math.max(0, ...before), to: Math.min(2 ** 40, ...next), type: MapType.HOLE };
  }

  /** Cuts [from, to) out of every piece and puts `piece` there. */
  set(piece: Piece): void {
    const rest: Piece[] = [];
    for (const old of this.pieces) {
      if (old.to <= piece.from || old.from >= piece.to) {
        rest.push(old);
        continue;
      }
      const addr = old.addr ?? old.from;
      if (old.from < piece.from) rest.push({ ...old, to: piece.from, addr });
      if (old.to > piece.to) rest.push({ ...old, from: piece.to, addr: addr + (piece.to - old.from) });
    }
    if (piece.type !== MapType.HOLE) rest.push(piece);
    this.pieces = rest.sort((a, b) => a.from - b.from);
    this.cookie++;
  }

  /** Blocks of [from, to) in `was` become `type`, keeping their addresses. */
  convert(from: Bytes, to: Bytes, was: MapType, type: MapType): void {
    for (const old of [...this.pieces]) {
      const start = Math.max(from, old.from);
      const end = Math.min(to, old.to);
      if (old.type !== was || start >= end) continue;
      this.set({ from: start, to: end, type, addr: (old.addr ?? old.from) + (start - old.from) });
    }
  }

  map(_: CachedInode, pos: Bytes, _length: Bytes, iomap: Iomap): Errno {
    const block = this.platform.geometry.blockSize;
    this.convert(roundDown(pos, block), 2 ** 40, MapType.DELALLOC, MapType.UNWRITTEN);
    fill(iomap, this.pieceAt(pos), 0);
    return 0;
  }

  defers(_: CachedInode, ioend: IoendRecord): boolean {
    return ioend.unwritten;
  }

  completed(_: CachedInode, ioend: IoendRecord): Errno {
    this.log.push(`completed [${ioend.offset}, ${ioend.offset + ioend.size}) ${ioend.status}`);
    const block = this.platform.geometry.blockSize;
    const end = roundUp(ioend.offset + ioend.size, block);
    if (ioend.status === 0) this.convert(ioend.offset, end, MapType.UNWRITTEN, MapType.MAPPED);
    return 0;
  }
}

function fill(iomap: Iomap, piece: Piece, flags: number): void {
  iomap.offset = piece.from;
  iomap.length = piece.to - piece.from;
  iomap.type = piece.type;
  iomap.flags = (piece.flags ?? 0) | flags;
  const stored = piece.type === MapType.MAPPED || piece.type === MapType.UNWRITTEN;
  iomap.addr = stored ? (piece.addr ?? piece.from) : NULL_ADDR;
}

/** Callbacks over the pieces of a `ScriptedInode`. */
export const scriptedOps: IomapOps<ScriptedInode> = {
  begin(inode: ScriptedInode, pos: Bytes, length: Bytes, flags: OpFlags, iomap: Iomap): Errno {
    inode.log.push(`begin ${pos} ${length}`);
    inode.onBegin?.(pos);
    const block = inode.platform.geometry.blockSize;
    let fresh = 0;
    const writes = (flags & OpFlag.WRITE) !== 0 && (flags & OpFlag.UNSHARE) === 0;
    if (writes && inode.pieceAt(pos).type === MapType.HOLE) {
      const hole = inode.pieceAt(pos);
      const from = roundDown(pos, block);
      const to = Math.min(hole.to, roundUp(pos + length, block));
      const direct = (flags & OpFlag.DIRECT) !== 0;
      inode.set({ from, to, type: direct ? MapType.UNWRITTEN : MapType.DELALLOC });
      fresh = MapFlag.NEW;
    }
    fill(iomap, inode.pieceAt(pos), fresh);
    iomap.cookie = inode.cookie;
    return 0;
  },
  *end(inode, pos, length, written, flags, iomap, io): Steps<Errno> {
    const stale = (iomap.flags & MapFlag.STALE) !== 0 ? ' stale' : '';
    inode.log.push(`end ${pos} ${length} ${written}${stale}`);
    const kept = MapFlag.NEW;
    if (iomap.type !== MapType.DELALLOC || (iomap.flags & kept) === 0 || (flags & OpFlag.FAULT) !== 0) return 0;
    if (written >= length) return 0;
    const block = inode.platform.geometry.blockSize;
    const from = written === 0 ? roundDown(pos, block) : roundUp(pos + written, block);
    yield* acquire(inode.invalidateLock, io.task, EXCLUSIVE);
    const scan = writeDelallocRelease(io as Context, inode, from, roundUp(pos + length, block), (offset, bytes) => {
      inode.log.push(`punch ${offset} ${bytes}`);
      inode.convert(offset, offset + bytes, MapType.DELALLOC, MapType.HOLE);
    });
    if (scan !== null) yield* scan;
    inode.invalidateLock.release(io.task);
    return 0;
  },
  valid: (inode, iomap) => iomap.cookie === inode.cookie,
};

export const scriptedDirectOps: DirectOps<ScriptedInode> = {
  endIo(inode, pos, size, error, flags) {
    inode.log.push(`endIo ${pos} ${size} ${error} ${flags}`);
    if (error !== 0) return error;
    const block = inode.platform.geometry.blockSize;
    const end = roundUp(pos + size, block);
    if ((flags & EndIoFlag.UNWRITTEN) !== 0)
      inode.convert(roundDown(pos, block), end, MapType.UNWRITTEN, MapType.MAPPED);
    if (pos + size > inode.isize && size > 0) inode.setSize(pos + size);
    return 0;
  },
  sync(inode) {
    inode.log.push('sync');
    return 0;
  },
};

export const tinyGeometry: Geometry = {
  blockSize: 16,
  pageSize: 64,
  maxFolioSize: 256,
  sectorSize: 4,
  deviceBlocks: 1024,
};

/** One target with one file, and a task to work with. */
export class Bench {
  readonly platform: Platform;
  readonly device: MemoryDevice;
  readonly inode: ScriptedInode;
  readonly task: Task = new LoneTask(1);
  readonly context: Context;
  /** Which status a bio completes with. */
  verdict: (bio: Bio) => Errno = () => 0;

  constructor(geometry: Geometry = tinyGeometry, chooser: Chooser = uneventful, sink: Sink = silence) {
    this.device = new MemoryDevice(geometry);
    this.device.reset(true, false, sink);
    this.platform = new Platform({ geometry, chooser, sink }, this.device, folioMemoryFor(geometry));
    this.inode = new ScriptedInode(0, this.platform);
    this.context = new Context(this.platform, this.task);
  }

  run<T>(work: T | Steps<T>): T {
    if (typeof work !== 'object' || work === null || !('next' in work)) return work as T;
    for (;;) {
      const step = work.next();
      if (step.done === true) return step.value;
      while (this.task.waitsFor !== null && !this.task.waitsFor.ready(this.task)) this.advance();
    }
  }

  /** The oldest bio completes; without one, the oldest work item runs. */
  advance(): void {
    const bio = this.device.inFlight[0];
    if (bio !== undefined) {
      this.device.complete(bio, this.verdict(bio));
      return;
    }
    if (this.platform.work.count === 0) throw new Error(`deadlock: ${this.task.waitsFor?.describe()}`);
    const worker = new LoneTask(0);
    const steps = this.platform.work.start(0, worker);
    while (steps.next().done !== true) if (worker.waitsFor !== null) this.advance();
  }

  /** Everything in flight completes, and its work runs. */
  settle(): void {
    while (this.device.inFlight.length > 0 || this.platform.work.count > 0) this.advance();
  }
}
