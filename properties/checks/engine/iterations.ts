/**
 * The mapping iterations in progress, with what each was told last. Records are lent to monitors for one step only, so
 * what a later step has to be compared with is copied here, once for all checks.
 */
import {
  type Bytes,
  type Errno,
  type FileId,
  Iomap,
  type IterationRecord,
  IterStep,
  MapFlag,
  OpFlag,
  type OpFlags,
  type TaskId,
} from '../../../model/contract/index.js';
import { Ranges } from './ranges.js';
import { coverFault, typeFault } from './record-faults.js';

/** The bytes are stored through the cache because an application wrote them. */
export function isBufferedWrite({ flags }: { readonly flags: OpFlags }): boolean {
  const other = OpFlag.FAULT | OpFlag.DIRECT | OpFlag.UNSHARE | OpFlag.ZERO | OpFlag.DAX;
  return (flags & OpFlag.WRITE) !== 0 && (flags & other) === 0;
}

export function isDirect({ flags }: { readonly flags: OpFlags }): boolean {
  return (flags & OpFlag.DIRECT) !== 0;
}

/** Bodies that ask for the mapping's freshness once per folio: buffered write, zero and unshare (MAP-52). */
function isChecked({ flags }: { readonly flags: OpFlags }): boolean {
  return (flags & (OpFlag.WRITE | OpFlag.ZERO)) !== 0 && (flags & (OpFlag.FAULT | OpFlag.DIRECT | OpFlag.DAX)) === 0;
}

export class IterationTrack {
  serial = 0;
  task: TaskId = 0;
  file: FileId = 0;
  flags: OpFlags = 0;
  /** Where the iteration began, and how far the ends so far have come. */
  origin: Bytes = 0;
  reached: Bytes = 0;
  /** The current mapping: position and effective length at its begin, and copies of its records. */
  start: Bytes = 0;
  asked: Bytes = 0;
  effective: Bytes = 0;
  readonly iomap = new Iomap();
  readonly srcmap = new Iomap();
  /** A mapping is in hand: begin returned 0 and end has not. */
  mapped = false;
  /** The last step was `ending`: the file system may be giving back what was not used. */
  ending = false;
  /** Progress given to the current end. */
  written: Bytes = 0;
  /** The last mapping was marked STALE; begins so far, begins followed by progress, STALEs. */
  stale = false;
  begins = 0;
  progressed = 0;
  stales = 0;
  /** The chart's state (model/charts/mapping-iteration.ts). */
  state = 0;
  /** Forks of the block at `start` just before begin (foreknowledge.ts). */
  dataBefore = 0;
  cowBefore = 0;
  /** Steps of background work that had happened then, and calls that had returned. */
  backgroundBefore = 0;
  leftBefore = 0;
  /** What is wrong with the record that begin returned, or '' (record-faults.ts). */
  coverFault = '';
  typeFault = '';
  /** The begin reply was made to break the rules, which is then no fault of the file system. */
  planted = false;
  /** A begin reply broke the rules (INV-58); the errno of the last failed begin. */
  hostile = false;
  refused = false;
  /** What the last begin or end returned since it first met STALE (MAP-66). */
  callback: Errno = 0;
  /** What end has given back so far (INV-17), and what was found fresh since begin (MAP-52). */
  readonly punched = new Ranges();
  readonly validated = new Ranges();
  /** Blocks that were under writeback when the mapping was found fresh (INV-08). */
  readonly completing = new Ranges();
}

export class Iterations {
  readonly active: IterationTrack[] = [];
  /** The one that the step in progress is about. */
  at: IterationTrack = new IterationTrack();
  /** The next begin reply is made to break the rules. */
  planting = false;
  readonly #idle: IterationTrack[] = [];

  reset(): void {
    this.planting = false;
    while (this.active.length > 0) this.#idle.push(this.active.pop()!);
  }

  /** Before the checks hear a step: copies what begin answered. */
  before(step: IterStep, record: IterationRecord, initial: number, blockSize: Bytes): void {
    const track = this.#find(record.serial) ?? this.#open(record, initial);
    this.at = track;
    if (step !== IterStep.begun) return;
    track.start = record.start;
    track.asked = record.asked;
    track.effective = record.effective;
    track.iomap.copyFrom(record.iomap);
    track.srcmap.copyFrom(record.srcmap);
    track.coverFault = coverFault(record.iomap, record.start, blockSize);
    track.typeFault = typeFault(record.iomap, record.flags);
    track.planted = this.planting;
    this.planting = false;
    track.mapped = true;
    track.stale = false;
    track.punched.clear();
    track.validated.clear();
    track.completing.clear();
  }

  /** After they heard it. */
  after(step: IterStep, record: IterationRecord): void {
    const track = this.at;
    if (step === IterStep.beginning) track.begins++;
    else if (step === IterStep.ending) {
      track.ending = true;
      track.written = record.written;
      track.reached = record.start + record.written;
      if (record.written > 0) track.progressed++;
      track.stale = (record.iomap.flags & MapFlag.STALE) !== 0;
      if (track.stale) track.stales++;
    } else if (step === IterStep.ended) {
      track.mapped = false;
      track.ending = false;
    } else if (step === IterStep.finished) {
      // Nearly always the one that began last.
      if (this.active[this.active.length - 1] === track) this.active.pop();
      else this.active.splice(this.active.indexOf(track), 1);
      this.#idle.push(track);
    }
  }

  /** The mapping in hand over some byte of a range, for bodies that store through the cache: write, zero, unshare. */
  storing(file: FileId, offset: Bytes, length: Bytes): IterationTrack | null {
    for (let i = this.active.length - 1; i >= 0; i--) {
      const track = this.active[i]!;
      if (track.file !== file || !track.mapped || track.ending) continue;
      if (!isChecked(track)) continue;
      if (offset < track.start + track.effective && offset + length > track.start) return track;
    }
    return null;
  }

  #find(serial: number): IterationTrack | null {
    for (let i = this.active.length - 1; i >= 0; i--) if (this.active[i]!.serial === serial) return this.active[i]!;
    return null;
  }

  #open(record: IterationRecord, initial: number): IterationTrack {
    const track = this.#idle.pop() ?? new IterationTrack();
    track.serial = record.serial;
    track.task = record.task;
    track.file = record.file;
    track.flags = record.flags;
    track.origin = record.pos;
    track.reached = record.pos;
    track.mapped = false;
    track.ending = false;
    track.stale = false;
    track.begins = 0;
    track.progressed = 0;
    track.stales = 0;
    track.state = initial;
    track.hostile = false;
    track.refused = false;
    track.callback = 0;
    this.active.push(track);
    return track;
  }
}
