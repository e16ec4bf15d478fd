/**
 * One direct request: what it was asked for, what it has done, its bios in flight, and its completion, which happens exactly
 * once (sections 1, 4 and 5 of direct-io.md). Submission stands in `direct-io.ts`.
 *
 * An asynchronous completion always runs as a work item in task context; DIO-51 would allow reads and pure overwrites to
 * complete in interrupt context, which nobody could tell apart.
 */
import {
  type Bio,
  type Bytes,
  EIO,
  type Errno,
  Ev,
  type Point,
  type Steps,
  type Task,
  type TaskId,
  type Waitable,
  Y,
} from '../../model/contract/index.js';
import { invalidateRange } from '../cache/invalidate.js';
import type { WorkItem } from '../work.js';
import type { CachedInode } from './cached-inode.js';
import { Context } from './platform.js';
import type { ReadBuffer, WriteSource } from './user-buffer.js';

/** Bits of a request's flags: those of the iocb, and iomap's own dio_flags. */
export const DirectFlag = {
  NOWAIT: 1 << 0,
  DSYNC: 1 << 1,
  SYNC: 1 << 2,
  ATOMIC: 1 << 3,
  /** The caller does not wait: `start` may answer -EIOCBQUEUED. */
  ASYNC: 1 << 4,
  FORCE_WAIT: 1 << 5,
  OVERWRITE_ONLY: 1 << 6,
  PARTIAL: 1 << 7,
  /** Bios must be aligned to file-system blocks instead of sectors. */
  FSBLOCK_ALIGNED: 1 << 8,
} as const;

/** What `endIo` is told about the bytes written. */
export const EndIoFlag = { UNWRITTEN: 1 << 0 } as const;

export interface DirectOps<I extends CachedInode> {
  /**
   * Called once when all bios are done, also after an error and for reads. Converts, remaps, then raises the size, then the
   * on-disk size (DIO-41). 0, an errno, or a positive count that is taken as the result. `copies`: where the mappings were
   * SHARED, in pairs of start and end; another request may have copies in flight in the rest of the range.
   */
  endIo?(
    inode: I,
    pos: Bytes,
    size: Bytes,
    error: Errno,
    flags: number,
    copies: readonly Bytes[],
    io: Context,
  ): number | Steps<number>;
  /** Makes [pos, pos + length) durable, with all metadata or only what the data needs (DIO-44). */
  sync?(inode: I, pos: Bytes, length: Bytes, dataOnly: boolean, io: Context): Errno | Steps<Errno>;
}

export class DirectRequest implements Waitable, WorkItem {
  readonly serial: number;
  readonly inode: CachedInode;
  readonly ops: DirectOps<CachedInode>;
  readonly pos: Bytes;
  readonly length: Bytes;
  readonly flags: number;
  readonly doneBefore: Bytes;
  /** One of the two is set. */
  readonly source: WriteSource | null;
  readonly target: ReadBuffer | null;
  /** The size when the request started; reads are cut there (DIO-45). */
  readonly sizeAtStart: Bytes;
  /** Bytes covered by what was submitted or filled. */
  size: Bytes = 0;
  /** The first error, of submission or of a bio. */
  error: Errno = 0;
  endIoFlags = 0;
  readonly #copies: Bytes[] = [];
  needSync = false;
  /** FUA may still make the sync needless (DIO-05, DIO-26). */
  writeThrough = false;
  /** begin or end asked to go on through the page cache (DIO-37). */
  fallback = false;
  /** The data of a write, as it was when it was submitted. */
  bytes: Uint8Array | null = null;
  #inFlight = 0;
  /** Nobody waits inside `start` any more: the last bio makes the completion a work item. */
  #queued = false;
  #finished = false;
  #result = 0;

  constructor(
    context: Context,
    inode: CachedInode,
    ops: DirectOps<CachedInode>,
    pos: Bytes,
    length: Bytes,
    buffer: { readonly source: WriteSource } | { readonly target: ReadBuffer },
    flags: number,
    doneBefore: Bytes = 0,
  ) {
    this.serial = ++context.platform.requests;
    this.inode = inode;
    this.ops = ops;
    this.pos = pos;
    this.length = length;
    this.source = 'source' in buffer ? buffer.source : null;
    this.target = 'target' in buffer ? buffer.target : null;
    this.flags = flags;
    this.doneBefore = doneBefore;
    this.sizeAtStart = inode.isize;
  }

  get isWrite(): boolean {
    return this.source !== null;
  }

  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }

  /** DIO-38: the first error wins, also against those of bios. */
  fail(errno: Errno): void {
    if (this.error === 0) this.error = errno;
  }

  /** What was submitted for [from, to) goes to copy-on-write blocks. */
  copied(from: Bytes, to: Bytes): void {
    const copies = this.#copies;
    if (from >= to) return;
    if (copies.at(-1) === from) copies[copies.length - 1] = to;
    else copies.push(from, to);
  }

  submit(context: Context, bio: Bio): void {
    this.#inFlight++;
    context.sink.emit(Ev['dio-submit'], this.inode.id, bio.offset, bio.length, this.serial);
    context.device.submit(bio);
  }

  bioDone(status: Errno): void {
    if (status !== 0) this.fail(status);
    if (--this.#inFlight === 0 && this.#queued) this.inode.platform.work.add(this);
  }

  /** Waits for the bios in flight. */
  *waitForBios(task: Task, point: Point): Steps<void> {
    while (this.#inFlight > 0) {
      task.waitsFor = this;
      yield point;
    }
    task.waitsFor = null;
  }

  /** From now on completion runs by itself. False if nothing is in flight, so that the caller can complete at once. */
  queue(): boolean {
    if (this.#inFlight === 0) return false;
    this.#queued = true;
    return true;
  }

  /** Waits for a queued request, on behalf of its caller, and returns its result. */
  *wait(task: Task): Steps<number> {
    while (!this.#finished) {
      task.waitsFor = this;
      yield this.isWrite ? Y['Y-DW5'] : Y['Y-DR3'];
    }
    task.waitsFor = null;
    return this.#result;
  }

  *run(task: Task): Steps<void> {
    this.#result = yield* this.complete(new Context(this.inode.platform, task));
    this.#finished = true;
  }

  /** dio_complete. */
  *complete(context: Context): Steps<number> {
    const { inode, ops, pos, size, error } = this;
    const { sink, task } = context;
    let result: number = error;
    if (this.isWrite && task.stopsAt(Y['Y-DW6'])) yield Y['Y-DW6'];
    if (ops.endIo !== undefined) {
      const ended = ops.endIo(inode, pos, size, error, this.endIoFlags, this.#copies, context);
      result = typeof ended === 'number' ? ended : yield* ended;
    }
    sink.emit(Ev['dio-end-io'], inode.id, pos, size, this.serial);
    if (result === 0) {
      result = size;
      if (!this.isWrite && pos + result > this.sizeAtStart) result = this.sizeAtStart - pos;
    }
    if (this.isWrite && error === 0 && size > 0) {
      if (task.stopsAt(Y['Y-DW8'])) yield Y['Y-DW8'];
      yield* this.#invalidate(context);
    }
    inode.direct.end(this.isWrite, pos, pos + this.length);
    if (!this.isWrite) context.platform.reads.end();
    sink.emit(Ev['dio-done'], inode.id, pos, size, this.serial);
    if (result > 0 && this.needSync && ops.sync !== undefined) {
      if (task.stopsAt(Y['Y-DW9'])) yield Y['Y-DW9'];
      const synced = ops.sync(inode, pos, result, !this.has(DirectFlag.SYNC), context);
      const errno = typeof synced === 'number' ? synced : yield* synced;
      if (errno !== 0) result = errno;
    }
    return result > 0 ? result + this.doneBefore : result;
  }

  /** What was cached meanwhile is older than what was written, and goes; it comes after conversion (DIO-50, DIO-52). */
  *#invalidate(context: Context): Steps<void> {
    const { inode, pos, size } = this;
    const end = pos + size;
    const errno =
      inode.cache.firstIn(pos, end) === null
        ? 0
        : yield* invalidateRange(inode.cache, context.task, pos, end, Y['Y-DW8']);
    if (errno !== 0) {
      inode.errors.recordEvent(EIO);
      context.sink.emit(Ev['writeback-error'], inode.id, EIO, 0, 0);
    }
    context.sink.emit(Ev['dio-invalidate'], inode.id, pos, size, errno);
  }

  describe(): string {
    return `direct request ${this.serial} of file ${this.inode.id}`;
  }

  ready(): boolean {
    return this.#queued ? this.#finished : this.#inFlight === 0;
  }

  blockers(): readonly TaskId[] {
    return [];
  }
}
