/**
 * What happened to every file since the mount, as far as a crash can bring it back: the moments of each file, the order of
 * the changes that are transactions of their own, and what was promised by sync calls that returned 0. Every entry knows
 * how long the device history was when its call began and ended, so any position of the history can be judged afterwards
 * (CR-20 … CR-26). Costs nothing unless it is made.
 */
import type { Answer, Bytes, Call, CallId, FileId, OperationName } from '../../contract/index.js';
import type { FileModel } from '../state/file.js';
import type { State } from '../state/state.js';
import { changesNothing, type Effects, effectsOf, promiseOf } from './effects.js';
import { keepChunks, type Moment, mayBeSame } from './moment.js';

/** A sync call that returned 0. */
export interface SyncPromise {
  readonly call: CallId;
  readonly name: OperationName;
  /** Length of the device history when it returned. */
  readonly end: number;
  /** Moments of the file that it covers: all before this index. */
  readonly upTo: number;
  /** Bytes it covers; [0, Infinity) for a whole file. */
  readonly from: Bytes;
  readonly to: Bytes;
  /** It says nothing of the size: the bytes are there as far as the file goes. */
  readonly bytesOnly: boolean;
}

export interface FileTimeline {
  readonly file: FileId;
  readonly moments: Moment[];
  readonly promises: SyncPromise[];
}

/** A call that has begun. */
interface Open {
  readonly id: CallId;
  readonly begin: number;
  /** Moments of each file then. */
  readonly counts: readonly number[];
  /** It leaves every file as it is. */
  readonly idle: boolean;
  /** A call that may change something was in progress beside it. */
  overlapped: boolean;
  /** The call, if it is a truncate that cuts its file off. */
  readonly cutting: Call | null;
  /** Files that were being cut off meanwhile, and what is left of them at least. */
  readonly beingCut: Map<FileId, Bytes>;
  /** A write failed meanwhile: only a call that reports errors can promise anything. */
  failed: boolean;
}

export class Timeline {
  readonly files: readonly FileTimeline[];
  /** The changes that are transactions of their own, of all files, in the order in which their calls returned. */
  readonly metas: { readonly file: FileId; readonly index: number }[] = [];
  readonly state: State;
  private readonly now: () => number;
  private readonly open: Open[] = [];
  private sequence = 0;

  /** `now` is the length of the device history. What the files hold now is taken as durable. */
  constructor(state: State, now: () => number) {
    this.state = state;
    this.now = now;
    this.files = state.files.map(file => ({ file: file.id, moments: [this.mounted(file)], promises: [] }));
  }

  began(call: Call): void {
    const idle = changesNothing(call.name);
    let overlapped = false;
    const cutting = call.name === 'truncate' && call.size < this.state.file(call.file).size ? call : null;
    const beingCut = new Map<FileId, Bytes>();
    for (const other of this.open) {
      if (!idle) other.overlapped = true;
      if (!other.idle) overlapped = true;
      if (cutting !== null) cutBy(cutting, other.beingCut);
      if (other.cutting !== null) cutBy(other.cutting, beingCut);
    }
    this.open.push({
      id: call.id,
      begin: this.now(),
      counts: this.files.map(f => f.moments.length),
      idle,
      overlapped,
      cutting,
      beingCut,
      failed: false,
    });
  }

  /** The call answered, and its steps were run. */
  answered(call: Call, answer: Answer): void {
    const place = this.open.findIndex(open => open.id === call.id);
    if (place < 0) return;
    const [open] = this.open.splice(place, 1);
    const effects = effectsOf(call.name);
    if (effects !== null && (answer.error === 0 || mayHaveChanged(this.state, call)))
      this.change(call, answer, effects, open!);
    this.leaveUnclear(call, open!.begin, open!.overlapped);
    if (answer.error === 0 && !open!.failed) this.promise(call, answer, open!);
  }

  /** A write of files that are now `failing` failed: what was on its way may be lost (WB-73, CR-90). */
  failed(call: Call): void {
    for (const open of this.open) open.failed = true;
    this.leaveUnclear(call, this.now(), false);
  }

  /**
   * Files of which less is known with this call: those that are failing; and if others overlapped it, those that took over
   * what it stored, in a clone say, before it was answered.
   */
  private leaveUnclear(call: Call, begin: number, overlapped: boolean): void {
    for (const file of this.state.files) {
      const doubtful = overlapped && file.id !== call.file && file.doubts.some;
      if (!file.failing && !doubtful) continue;
      const { moments } = this.files[file.id]!;
      const before = moments.at(-1)!;
      const chunks = keepChunks(this.state, file, before.chunks, 0, 0);
      if (!file.failing && chunks.every((kept, i) => kept === before.chunks[i])) continue;
      moments.push({
        ...before,
        call: call.id,
        name: call.name,
        durability: 'store',
        sequence: this.sequence++,
        begin,
        size: file.size,
        sizeLeast: Math.min(
          file.sizeLeast,
          file.size - before.size + before.sizeLeast,
          file.failing ? leastOnDisk(this.files[file.id]!) : Number.POSITIVE_INFINITY,
        ),
        offset: 0,
        length: 0,
        replacedFrom: 0,
        replacedTo: 0,
        setsSize: false,
        cutAt: -1,
        shifts: false,
        unclear: true,
        idle: false,
        chunks,
      });
    }
  }

  private change(call: Call, answer: Answer, effects: Effects, open: Open): void {
    const { state } = this;
    const file = state.file(call.file);
    const line = this.files[call.file]!;
    const before = line.moments.at(-1)!;
    // What was not known of the size stays unknown until something sets it.
    const sets = call.name === 'truncate' || (file.size > before.size && effects.shifts !== true);
    const unknown = sets && answer.error === 0 ? 0 : before.size - before.sizeLeast;
    const unclear = open.overlapped || answer.error !== 0;
    const meant = this.asMeant(call, unclear ? Math.max(before.size, file.size) : -1);
    const reach = changedRange(meant, before.size, file.size);
    const chunks = keepChunks(state, file, before.chunks, unclear ? reach[0] : 0, unclear ? reach[1] : 0);
    const [replacedFrom, replacedTo] = effects.replaces?.(state, meant, before.size) ?? [0, 0];
    if (effects.durability === 'meta') this.metas.push({ file: file.id, index: line.moments.length });
    line.moments.push({
      call: call.id,
      name: call.name,
      durability: effects.durability,
      sequence: this.sequence++,
      begin: open.begin,
      size: file.size,
      // What failed on the way does not raise the size on disk, though the call is done (CR-90).
      sizeLeast: Math.min(
        file.sizeLeast,
        file.size - unknown,
        // What failed may have changed the size in core, and not on disk.
        answer.error === 0 ? Number.POSITIVE_INFINITY : before.sizeLeast,
        open.failed && effects.durability === 'store' ? leastOnDisk(line) : Number.POSITIVE_INFINITY,
      ),
      offset: reach[0],
      length: reach[1] - reach[0],
      replacedFrom,
      replacedTo,
      setsSize: effects.setsSize === true && answer.error === 0 && file.size !== before.size,
      cutAt: call.name === 'truncate' && answer.error === 0 && call.size < before.size ? call.size : -1,
      shifts: effects.shifts === true,
      unclear,
      idle:
        answer.error !== 0 ||
        (before.sizeLeast <= file.size &&
          file.sizeLeast <= before.size &&
          mayBeSame(chunks, before.chunks, replacedFrom, replacedTo)),
      chunks,
    });
  }

  /**
   * A clone of length 0 goes to the end that its source had. Beside other calls, or where it failed, nobody knows where that
   * was: then it may have come as far as `unclear`, which is −1 otherwise.
   */
  private asMeant(call: Call, unclear: Bytes): Call {
    if (call.name !== 'reflink' || call.length !== 0) return call;
    if (unclear >= 0) return { ...call, length: Math.max(0, unclear - call.offset) };
    const source = this.files[call.fromFile]!.moments.at(-1)!;
    return { ...call, length: Math.max(0, source.size - call.fromOffset) };
  }

  private promise(call: Call, answer: Answer, open: Open): void {
    const kind = promiseOf(call);
    if (kind === null) return;
    const { id, name } = call;
    const end = this.now();
    if (kind === 'range') {
      const line = this.files[call.file]!;
      const to = call.offset + answer.count;
      if (open.overlapped || answer.count === 0) return;
      line.promises.push({ call: id, name, end, upTo: line.moments.length, from: call.offset, to, bytesOnly: false });
      return;
    }
    for (const line of this.files) {
      if (kind === 'file' && line.file !== call.file) continue;
      const upTo = open.counts[line.file]!;
      const left = open.beingCut.get(line.file);
      // CR-80: what is cut off is gone for writeback, but the size on disk follows later: neither is durable. The bytes below
      // are, though what raises the size on disk to them may have been cut off.
      const to = left ?? Number.POSITIVE_INFINITY;
      if (to > 0) line.promises.push({ call: id, name, end, upTo, from: 0, to, bytesOnly: left !== undefined });
    }
  }

  private mounted(file: FileModel): Moment {
    return {
      call: -1,
      name: 'mount',
      durability: 'meta',
      sequence: this.sequence++,
      begin: -1,
      size: file.size,
      sizeLeast: file.sizeLeast,
      offset: 0,
      length: 0,
      replacedFrom: 0,
      replacedTo: 0,
      setsSize: false,
      cutAt: -1,
      shifts: false,
      unclear: false,
      idle: false,
      chunks: keepChunks(this.state, file, [], 0, 0),
    };
  }
}

/** Of the file that the truncate cuts less is left than `beingCut` says. */
function cutBy({ file, size }: Call, beingCut: Map<FileId, Bytes>): void {
  beingCut.set(file, Math.min(size, beingCut.get(file) ?? size));
}

/** The least size the file may have on disk: what failed does not raise it, however often it is synced later (CR-90). */
function leastOnDisk({ moments, promises }: FileTimeline): Bytes {
  let base = 0;
  for (const { to, upTo } of promises) if (to === Number.POSITIVE_INFINITY) base = Math.max(base, upTo - 1);
  let least = moments[base]!.sizeLeast;
  for (let i = base + 1; i < moments.length; i++) {
    const { setsSize, unclear, sizeLeast } = moments[i]!;
    least = setsSize && !unclear ? sizeLeast : Math.min(least, sizeLeast);
  }
  return least;
}

/** A call that failed may have come some way: the model then knows less of its file than before. */
function mayHaveChanged(state: State, call: Call): boolean {
  const file = state.file(call.file);
  return file.hasLost || file.doubts.some || file.sizeLeast !== file.size;
}

/** The bytes that may differ from before, as [from, to). */
function changedRange(call: Call, before: Bytes, after: Bytes): readonly [Bytes, Bytes] {
  const largest = Math.max(before, after);
  switch (call.name) {
    case 'truncate':
      return [Math.min(before, call.size), largest];
    case 'collapse':
    case 'insert':
    case 'remove':
      return [call.name === 'remove' ? 0 : call.offset, largest];
    default:
      return [Math.min(before, call.offset), call.offset + call.length];
  }
}
