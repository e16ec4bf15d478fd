/**
 * A bio with memory of its own that the task which submits it waits for: writes of log and metadata, cache flushes, and the
 * few reads and writes of data that go past the page cache and are no direct I/O.
 *
 * The device and whoever watches it read every bio in the same few places, so there are few classes of bios.
 */
import {
  type Bio,
  type BioCargo,
  type BioKind,
  type Bytes,
  EIO,
  type Errno,
  type FileId,
  type Point,
  type Steps,
  type Task,
  type TaskId,
  type Waitable,
} from '../../model/contract/index.js';

export class WaitedBio implements Bio, Waitable {
  readonly kind: BioKind;
  readonly cargo: BioCargo;
  readonly addr: Bytes;
  readonly length: Bytes;
  readonly memory: Uint8Array;
  readonly at = 0;
  readonly fua: boolean;
  readonly atomic = false;
  readonly file: FileId;
  readonly offset: Bytes;
  private finished = false;
  private status: Errno = 0;

  constructor(
    kind: BioKind,
    cargo: BioCargo,
    addr: Bytes,
    memory: Uint8Array,
    fua: boolean,
    file: FileId = -1,
    offset: Bytes = -1,
  ) {
    this.kind = kind;
    this.cargo = cargo;
    this.addr = addr;
    this.length = memory.length;
    this.memory = memory;
    this.fua = fua;
    this.file = file;
    this.offset = offset;
  }

  done(status: Errno): void {
    this.finished = true;
    this.status = status;
  }

  /** Waits until it is done, at `point`: 0, or -EIO if it failed. */
  *wait(task: Task, point: Point): Steps<Errno> {
    while (!this.finished) {
      task.waitsFor = this;
      yield point;
    }
    task.waitsFor = null;
    return this.status === 0 ? 0 : EIO;
  }

  describe(): string {
    return this.file < 0 ? `a ${this.kind} of ${this.cargo}` : `a ${this.kind} of file ${this.file} at ${this.offset}`;
  }

  ready(): boolean {
    return this.finished;
  }

  blockers(): readonly TaskId[] {
    return [];
  }
}
