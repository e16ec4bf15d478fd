/** The bios of log and metadata: writes of whole units, and cache flushes, waited for by the task that forces the log. */
import {
  type Bio,
  type BioCargo,
  type BioKind,
  type BlockDevice,
  type Bytes,
  EIO,
  type Errno,
  type Steps,
  type Task,
  type TaskId,
  type Waitable,
  Y,
} from '../../model/contract/index.js';

const NOTHING = new Uint8Array(0);

export class MetadataBio implements Bio, Waitable {
  readonly kind: BioKind;
  readonly addr: Bytes;
  readonly length: Bytes;
  readonly memory: Uint8Array;
  readonly at = 0;
  readonly fua: boolean;
  readonly atomic = false;
  readonly cargo: BioCargo;
  readonly file = -1;
  readonly offset = -1;
  private finished = false;
  private status: Errno = 0;

  constructor(kind: BioKind, cargo: BioCargo, addr: Bytes, memory: Uint8Array, fua: boolean) {
    this.kind = kind;
    this.cargo = cargo;
    this.addr = addr;
    this.length = memory.length;
    this.memory = memory;
    this.fua = fua;
  }

  done(status: Errno): void {
    this.finished = true;
    this.status = status;
  }

  *wait(task: Task): Steps<Errno> {
    while (!this.finished) {
      task.waitsFor = this;
      yield Y['Y-SY2'];
    }
    task.waitsFor = null;
    return this.status === 0 ? 0 : EIO;
  }

  describe(): string {
    return `a ${this.kind} of ${this.cargo}`;
  }

  ready(): boolean {
    return this.finished;
  }

  blockers(): readonly TaskId[] {
    return [];
  }
}

/** A cache flush of the device (CR-02 b), submitted now; the steps wait for it and end with its errno. */
export function flushDevice(device: BlockDevice, task: Task): Steps<Errno> {
  const bio = new MetadataBio('flush', 'log', 0, NOTHING, false);
  device.submit(bio);
  return bio.wait(task);
}

/** Writes that go out together; ends with the first errno when all are done. */
export function* writeAll(device: BlockDevice, bios: readonly MetadataBio[], task: Task): Steps<Errno> {
  let first: Errno = 0;
  for (const bio of bios) device.submit(bio);
  for (const bio of bios) {
    const error = yield* bio.wait(task);
    if (first === 0) first = error;
  }
  return first;
}
