/**
 * The mapping iteration: begin, the body's work, end, and round again, exactly as mapping.md section 4 `[N]` says
 * (MAP-40 … MAP-43, MAP-60 … MAP-64). Every step is told to the sink. A begin reply that breaks MAP-01, MAP-02 or MAP-13
 * ends the operation with -EIO after its end was called (INV-58).
 *
 * Iterations and their records are reused, so a begin allocates nothing. Callbacks that return a number cost no generator.
 */
import {
  type Bytes,
  EIO,
  type Errno,
  type FileId,
  Iomap,
  type IomapOps,
  type IterationRecord,
  IterStep,
  MapFlag,
  MapType,
  NULL_ADDR,
  OpFlag,
  type OpFlags,
  type Point,
  type Steps,
  type TaskId,
} from '../../model/contract/index.js';
import { BREAKING_COUNT, breakMapping, isBreakable } from './broken-mapping.js';
import type { CachedInode } from './cached-inode.js';
import type { Context } from './platform.js';

/** The callbacks as the library calls them; a file system's own inode type is narrower. */
export type MapOps = IomapOps<CachedInode>;

/** The registered points around begin and end; null where the specification names none. */
export interface IterationPoints {
  readonly before: Point | null;
  readonly after: Point | null;
  readonly beforeEnd: Point | null;
  readonly afterEnd: Point | null;
}

export class Iteration implements IterationRecord {
  serial = 0;
  task: TaskId = 0;
  file: FileId = 0;
  flags: OpFlags = 0;
  pos: Bytes = 0;
  length: Bytes = 0;
  start: Bytes = 0;
  asked: Bytes = 0;
  effective: Bytes = 0;
  written: Bytes = 0;
  /** What the body has to say; it may set it to an errno. */
  status: Errno = 0;
  error: Errno = 0;
  readonly iomap = new Iomap();
  readonly srcmap = new Iomap();
  readonly #pool: IterationPool;
  #context: Context | null = null;
  #inode: CachedInode | null = null;
  #ops: MapOps | null = null;

  constructor(pool: IterationPool) {
    this.#pool = pool;
  }

  open(
    context: Context,
    inode: CachedInode,
    ops: MapOps,
    pos: Bytes,
    length: Bytes,
    flags: OpFlags,
    serial: number,
  ): void {
    this.#context = context;
    this.#inode = inode;
    this.#ops = ops;
    this.serial = serial;
    this.task = context.task.id;
    this.file = inode.id;
    this.flags = flags;
    this.pos = pos;
    this.length = length;
    this.start = pos;
    this.status = 0;
    this.iomap.clear();
    this.srcmap.clear();
  }

  /** The record that says where existing bytes come from (mapping.md section 2). */
  get source(): Iomap {
    return this.srcmap.type === MapType.HOLE ? this.iomap : this.srcmap;
  }

  /** Bytes at `pos` that the mapping still serves: the effective length less what was done. */
  get rest(): Bytes {
    return this.start + this.effective - this.pos;
  }

  /** The device address of byte `at` of `map`. */
  address(map: Iomap, at: Bytes): Bytes {
    return map.addr + (at - map.offset);
  }

  advance(bytes: Bytes): void {
    if (bytes > this.rest || bytes < 0)
      throw new Error(`an iteration advances ${bytes} of ${this.rest} bytes (MAP-63)`);
    this.pos += bytes;
    this.length -= bytes;
  }

  /** Passes over the rest of the mapping. */
  skip(): void {
    const rest = this.rest;
    this.pos += rest;
    this.length -= rest;
  }

  /**
   * Ends the previous mapping and gets the next: 1 (a mapping is there), 0 (finished), an errno (ended with it), or the
   * steps to one of these when a callback has to wait or the task has to stop at one of the points.
   */
  next(points: IterationPoints): number | Steps<number> {
    if (this.iomap.length === 0) return this.#stopThenBegin(points);
    const { beforeEnd } = points;
    return this.#stopsAt(beforeEnd) ? this.#stop(beforeEnd, this.#endThenBegin, points) : this.#endThenBegin(points);
  }

  #endThenBegin(points: IterationPoints): number | Steps<number> {
    const ended = this.#end();
    return typeof ended === 'number' ? this.#ended(points, ended) : this.#wait(ended, this.#ended, points);
  }

  #ended(points: IterationPoints, errno: Errno): number | Steps<number> {
    const verdict = this.#verdict(errno);
    if (verdict <= 0) return verdict;
    const { afterEnd } = points;
    return this.#stopsAt(afterEnd) ? this.#stop(afterEnd, this.#stopThenBegin, points) : this.#stopThenBegin(points);
  }

  #stopThenBegin(points: IterationPoints): number | Steps<number> {
    const { before } = points;
    return this.#stopsAt(before) ? this.#stop(before, this.#beginThenJudge, points) : this.#beginThenJudge(points);
  }

  #beginThenJudge(points: IterationPoints): number | Steps<number> {
    const begun = this.#begin();
    return typeof begun === 'number' ? this.#begun(points, begun) : this.#wait(begun, this.#begun, points);
  }

  #begun(points: IterationPoints, errno: Errno): number | Steps<number> {
    const judged = this.#judge(errno);
    if (typeof judged !== 'number' || judged <= 0) return judged;
    const { after } = points;
    return this.#stopsAt(after) ? this.#stop(after, this.#given, points) : judged;
  }

  #given(): number {
    return 1;
  }

  /** Stops at a point, then goes on with a method of the iteration: a closure would cost also where nothing stops. */
  *#stop(
    point: Point,
    rest: (points: IterationPoints) => number | Steps<number>,
    points: IterationPoints,
  ): Steps<number> {
    yield point;
    const result = rest.call(this, points);
    return typeof result === 'number' ? result : yield* result;
  }

  /** Waits for a callback, then goes on with its errno. */
  *#wait(
    callback: Steps<Errno>,
    rest: (points: IterationPoints, errno: Errno) => number | Steps<number>,
    points: IterationPoints,
  ): Steps<number> {
    const result = rest.call(this, points, yield* callback);
    return typeof result === 'number' ? result : yield* result;
  }

  #stopsAt(point: Point | null): point is Point {
    return point !== null && this.#context!.task.stopsAt(point);
  }

  #tell(step: IterStep, error: Errno): void {
    this.error = error;
    this.#context!.sink.iteration(step, this);
  }

  #begin(): Errno | Steps<Errno> {
    this.start = this.pos;
    this.asked = this.length;
    this.effective = 0;
    this.written = 0;
    this.#tell(IterStep.beginning, 0);
    return this.#ops!.begin(this.#inode!, this.pos, this.length, this.flags, this.iomap, this.srcmap, this.#context!);
  }

  /** Judges begin's reply. A broken one is ended at once: no byte is stored on its behalf. */
  #judge(errno: Errno): number | Steps<number> {
    if (errno !== 0) {
      this.#tell(IterStep.beginFailed, errno);
      this.#finish(errno);
      return errno;
    }
    const { task, chooser } = this.#context!;
    if (task.observed && isBreakable(this.iomap, this.srcmap, this.flags)) {
      const way = chooser.choose(1 + BREAKING_COUNT, 'mapping-broken');
      if (way > 0) breakMapping(this.iomap, this.pos, way);
    }
    this.effective = this.#effectiveLength();
    this.#tell(IterStep.begun, 0);
    if (this.#wellFormed()) {
      this.#tell(IterStep.body, 0);
      return 1;
    }
    this.status = EIO;
    const ended = this.#end();
    return typeof ended === 'number' ? this.#verdict(ended) : this.#waitForLastEnd(ended);
  }

  *#waitForLastEnd(ended: Steps<Errno>): Steps<number> {
    return this.#verdict(yield* ended);
  }

  #effectiveLength(): Bytes {
    let end = Math.min(this.pos + this.length, this.iomap.end);
    if (this.srcmap.type !== MapType.HOLE) end = Math.min(end, this.srcmap.end);
    return Math.max(0, end - this.pos);
  }

  #wellFormed(): boolean {
    const { iomap, srcmap, pos } = this;
    if (!covers(iomap, pos) || (srcmap.type !== MapType.HOLE && !covers(srcmap, pos))) return false;
    if ((iomap.flags & (MapFlag.STALE | MapFlag.SIZE_CHANGED)) !== 0) return false;
    return consistent(iomap, this.flags) && consistent(srcmap, this.flags);
  }

  #end(): Errno | Steps<Errno> {
    this.written = this.pos - this.start;
    this.#tell(IterStep.ending, 0);
    const ops = this.#ops!;
    if (ops.end === undefined) return 0;
    const { start, effective, written, flags, iomap } = this;
    return ops.end(this.#inode!, start, effective, written, flags, iomap, this.#context!);
  }

  /** Steps 3 to 5 of the algorithm. */
  #verdict(errno: Errno): number {
    this.#tell(IterStep.ended, errno);
    const advanced = this.pos - this.start;
    const stale = (this.iomap.flags & MapFlag.STALE) !== 0;
    let result: number;
    if (errno < 0 && advanced === 0) result = errno;
    else if (this.status < 0) result = this.status;
    else result = this.length === 0 || (advanced === 0 && !stale) ? 0 : 1;
    const batch = this.#context!.batch;
    while (batch.length > 0) {
      const folio = batch.pop()!;
      this.#inode!.cache.put(folio);
    }
    this.status = 0;
    this.iomap.clear();
    this.srcmap.clear();
    if (result <= 0) this.#finish(result);
    return result;
  }

  #finish(result: Errno): void {
    this.#tell(IterStep.finished, result);
    this.#context = null;
    this.#inode = null;
    this.#ops = null;
    this.#pool.give(this);
  }
}

/** MAP-01, MAP-02. */
function covers(map: Iomap, pos: Bytes): boolean {
  return map.length > 0 && map.offset >= 0 && map.offset <= pos && pos < map.end && Number.isSafeInteger(map.end);
}

/** MAP-06 … MAP-08: what the type says about the address. */
function consistent(map: Iomap, flags: OpFlags): boolean {
  switch (map.type) {
    case MapType.HOLE:
    case MapType.DELALLOC:
      return map.addr === NULL_ADDR;
    case MapType.INLINE:
      return map.inlineData !== null;
    default:
      return (
        (map.addr >= 0 && Number.isSafeInteger(map.addr + map.length)) ||
        (map.flags & MapFlag.ANON_WRITE) !== 0 ||
        (flags & OpFlag.SEEK) !== 0
      );
  }
}

/** Iterations by last use. One that is finished comes back by itself, and says where it ended until the next is taken. */
export class IterationPool {
  readonly #idle: Iteration[] = [];
  #serial = 0;

  take(context: Context, inode: CachedInode, ops: MapOps, pos: Bytes, length: Bytes, flags: OpFlags): Iteration {
    const iteration = this.#idle.pop() ?? new Iteration(this);
    iteration.open(context, inode, ops, pos, length, flags, ++this.#serial);
    return iteration;
  }

  give(iteration: Iteration): void {
    this.#idle.push(iteration);
  }
}
