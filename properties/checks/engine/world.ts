/**
 * What the checks know together: the target's view and the truth, the calls, iterations, ioends, folios under writeback
 * and direct requests in progress, and what each file looked like last. Kept from events once, whoever asks; no judgement
 * is made here.
 */

import { directRequestTable } from '../../../model/charts/direct-request.js';
import { mappingIterationTable } from '../../../model/charts/mapping-iteration.js';
import {
  type BlockDevice,
  BlockTable,
  type Bytes,
  Cached,
  CHOICES,
  type CheckContext,
  EVENT_NAMES,
  type EventKind,
  type EventName,
  type FileId,
  type Finding,
  Fork,
  type Geometry,
  type IterationRecord,
  IterStep,
  MEMORY_POISON,
  type RuleId,
  roundUp,
  type Truth,
  type View,
} from '../../../model/contract/index.js';
import { Cycles, Mark } from './cycles.js';
import { DeviceTrack } from './device-track.js';
import { Durability } from './durability.js';
import { FileTrack } from './file-track.js';
import { remember } from './foreknowledge.js';
import { HeldLocks } from './held-locks.js';
import { Ioends } from './ioends.js';
import { Iterations, type IterationTrack, isBufferedWrite, isDirect } from './iterations.js';
import { OpenCalls } from './open-calls.js';
import { Requests } from './requests.js';

/** What the checks of a sequence are given: the contract's context, and the device where the target has one. */
export interface CheckInput extends CheckContext {
  readonly device: BlockDevice | null;
}

type Listener = (file: FileId, a: number, b: number, c: number) => void;

export class World {
  geometry!: Geometry;
  view!: View;
  truth!: Truth;
  device: BlockDevice | null = null;
  readonly calls = new OpenCalls();
  /** The file system was shut down and not mounted again. */
  down = false;
  readonly iterations = new Iterations();
  readonly ioends: Ioends;
  readonly cycles: Cycles;
  readonly requests = new Requests();
  readonly locks = new HeldLocks();
  readonly blocks = new DeviceTrack();
  readonly durability = new Durability();
  readonly files: FileTrack[] = [];
  /** The mapping under which the bytes of a `dirty` or `validated` event are stored, or null. */
  storing: IterationTrack | null = null;
  /** Counts calls and submissions, so that "before" can be told. */
  moment = 0;
  /** Grows when inodes get a new life (remount, remove): what was counted over all files has to be counted again. */
  generation = 0;
  /** Recorded fills may contain the poison byte; with our own tags it is nobody's. */
  poisonIsForeign = true;
  readonly #scratch = new BlockTable();
  readonly #before: (Listener | null)[];
  readonly #after: (Listener | null)[];

  constructor(input: CheckInput) {
    this.ioends = new Ioends(this);
    this.cycles = new Cycles(this);
    this.#before = listeners(this.#openers());
    this.#after = listeners(this.#closers());
    this.reset(input);
  }

  reset(input: CheckInput): void {
    this.geometry = input.geometry;
    this.view = input.view;
    this.truth = input.truth;
    this.device = input.device;
    this.down = false;
    this.calls.reset();
    this.iterations.reset();
    this.ioends.reset();
    this.cycles.reset();
    this.requests.reset();
    this.locks.reset();
    this.blocks.reset(input.geometry);
    this.durability.reset(input.geometry);
    for (const file of this.files) file.reset();
    this.moment = 0;
    this.generation++;
    this.poisonIsForeign = true;
  }

  /** The track of a file, made at first need. */
  file(id: FileId): FileTrack {
    while (this.files.length <= id) this.files.push(new FileTrack(this.files.length));
    return this.files[id]!;
  }

  /** The blocks [first, first + count) of a file as they are now; lent until the next call. */
  peek(file: FileId, first: number, count: number): BlockTable {
    this.#scratch.frame(first, count);
    this.view.file(file).describe(first, count, this.#scratch);
    return this.#scratch;
  }

  /** Updates what has to be known before the checks hear an event, and what may be forgotten afterwards. */
  before(kind: EventKind, file: FileId, a: number, b: number, c: number): void {
    if (file >= 0 && CHANGES[kind] === 1) this.file(file).touched = true;
    this.#before[kind]?.(file, a, b, c);
  }

  after(kind: EventKind, file: FileId, a: number, b: number, c: number): void {
    this.#after[kind]?.(file, a, b, c);
  }

  beforeStep(step: IterStep, record: IterationRecord): void {
    this.iterations.before(step, record, mappingIterationTable.initial, this.geometry.blockSize);
    if (step === IterStep.beginning) remember(this, this.iterations.at, record);
  }

  afterStep(step: IterStep, record: IterationRecord): void {
    if (step === IterStep.ending) this.#credit(record);
    this.iterations.after(step, record);
  }

  /** A finding on behalf of the call that is returning, or of the one that began last. */
  finding(id: RuleId, file: FileId, offset: Bytes, length: Bytes, message: string): Finding {
    const { returning, open } = this.calls;
    const call = (returning ?? open[open.length - 1])?.call.id ?? -1;
    return { id, message: `file ${file}: ${message}`, file, offset, length, call };
  }

  /** Says what a byte in memory is, for a message. */
  describeByte(file: FileId, offset: Bytes, seen: number): string {
    const poison = seen === MEMORY_POISON && this.poisonIsForeign ? ' (memory that nothing was ever put into)' : '';
    return `${this.truth.explain(file, offset, seen)}${poison}`;
  }

  #credit(record: IterationRecord): void {
    const entry = this.calls.ofTask(record.task);
    if (entry === null || entry.call.file !== record.file) return;
    // A request that ran out of space is made again from its start once space was freed (FS-X8).
    if (isDirect(record)) entry.direct = record.written + (record.start === entry.call.offset ? 0 : entry.direct);
    else if (isBufferedWrite(record)) entry.buffered += record.written;
  }

  #openers(): Partial<Record<EventName, Listener>> {
    const { blocks, ioends, cycles, requests, calls, durability } = this;
    const suspect: Listener = (file, a, b) => this.file(file).cacheSuspects.add(a, a + b);
    const background: Listener = () => {
      calls.background++;
    };
    return {
      allocate: (_file, a, b) => blocks.allocated(a, b),
      'bio-write': (file, a, b) => {
        requests.sent(this.device);
        if (file < 0) return;
        blocks.submitted(a, b);
        durability.submitted(a, this.device?.inFlight.at(-1)?.fua === true);
      },
      'bio-done': (file, a, b, c) => {
        if (file < 0) return;
        blocks.completed(a, b, c);
        durability.completed(a, b, c);
        if (requests.received(this.device)) ioends.at = null;
        else ioends.written(file, a, b, c);
        calls.background++;
      },
      uptodate: suspect,
      zeroed: suspect,
      'folio-add': (file, a, b) => this.file(file).scribbled.remove(a, a + b),
      'folio-remove': (file, a, b, c) => {
        const track = this.file(file);
        track.deviceSuspects.add(a, a + b);
        if (c === 1) track.cleaned.add(a, a + b);
      },
      dirty: (file, a, b, c) => {
        const track = this.file(file);
        track.cacheSuspects.add(a, a + b);
        cycles.dirtied(file, a, b);
        this.storing = this.iterations.storing(file, a, b);
        // The view is of whole pages: stores behind the end of the file reach to the end of its last page.
        if (c === 1) track.scribbled.add(a, roundUp(a + b, this.geometry.pageSize));
      },
      clean: (file, a, b) => {
        const track = this.file(file);
        track.cleaned.add(a, a + b);
        track.suspect(a, a + b);
      },
      isize: (file, a, b) => {
        const track = this.file(file);
        track.suspect(Math.min(a, b), Math.max(a, b));
        if (b > a && track.scribbled.count > 0) this.#opensTail(file, b);
      },
      convert: (file, a, b, c) => {
        calls.background++;
        this.#reaches(file, a, b, c);
      },
      remap: (file, a, b, c) => {
        calls.background++;
        this.#reaches(file, a, b, c);
      },
      dsize: (file, a, b) => {
        if (b > a) this.#grows(file, a, b);
        else durability.changes(file);
      },
      extent: (file, _a, _b, c) => {
        if (c === Fork.hole) durability.opens(file);
        else if (c !== Fork.delay) durability.changes(file);
      },
      free: (file, a, b) => durability.freed(file, a, b),
      commit: (_file, a) => durability.committed(a),
      'flush-begin': (_file, a) => durability.flushBegins(a),
      flush: (_file, a) => durability.flushEnds(a),
      validated: (file, a, b) => {
        this.storing = this.iterations.storing(file, a, b);
      },
      'writeback-folio': (file, a, b, c) => {
        calls.background++;
        if (c !== 0) return;
        cycles.take(file, a, b);
        // WB-10: with its folio a block behind the end becomes clean, also where no D bit stood for it.
        const { isize } = this.view.file(file);
        if (a + b > isize) this.file(file).cleaned.add(Math.max(a, roundUp(isize, this.geometry.blockSize)), a + b);
        // The tail is zeroed and the views are write-protected under the folio lock (WB-11, PC-63).
        this.file(file).scribbled.remove(a, a + b);
      },
      'ioend-add': (file, a, b, c) => {
        ioends.add(file, a, b, c);
        cycles.mark(file, a, b, Mark.carried);
      },
      'writeback-hole': (file, a, b) => cycles.mark(file, a, b, Mark.hole),
      'ioend-submit': (file, a, b, c) => {
        requests.submitting = -1;
        ioends.submit(file, a, b, c);
      },
      'ioend-merge': (file, a) => ioends.merge(file, a),
      'ioend-done': background,
      'writeback-error': file => cycles.fail(file),
      'writeback-end': (file, a) => cycles.end(file, a),
      'dio-begin': (file, a, b, c) => requests.begin(file, a, b, c, directRequestTable.initial),
      'dio-submit': (_file, a, _b, c) => {
        requests.submitting = a;
        requests.at = requests.find(c);
      },
      'dio-queued': (_file, _a, _b, c) => {
        requests.at = requests.find(c);
      },
      'dio-end-io': (_file, _a, _b, c) => {
        requests.at = requests.find(c);
      },
      'dio-done': (file, a, b, c) => {
        requests.at = requests.find(c);
        this.file(file).suspect(a, a + b);
      },
      'fault-injected': (_file, a) => {
        calls.faults++;
        if (a === BROKEN_MAPPING) this.iterations.planting = true;
      },
    };
  }

  #closers(): Partial<Record<EventName, Listener>> {
    const { ioends, requests, locks, durability } = this;
    return {
      'log-force': (_file, a) => durability.forced(a),
      'ioend-done': (file, a, b) => ioends.done(file, a, b),
      'dio-done': (_file, _a, _b, c) => requests.done(c),
      // The checks of a lock event see what was held before.
      lock: (file, a, b, c) => {
        if (c < 0) return;
        locks.acquired(c, a, file, b % 2 === 1);
        // A worker is at it.
        if (this.calls.ofTask(c) === null) this.calls.background++;
      },
      unlock: (file, a, _b, c) => {
        if (c >= 0) locks.released(c, a, file);
      },
    };
  }

  /** Blocks [first, first + count) of the file became written, at device block `block`. */
  #reaches(file: FileId, first: number, count: number, block: number): void {
    const { blockSize } = this.geometry;
    this.#suspectBlocks(file, first, count);
    this.durability.reaches(file, first * blockSize, (first + count) * blockSize, false, block, count);
  }

  /** Bytes [from, to) came below the on-disk size. Where holes make it long, only the block of the old end is looked at. */
  #grows(file: FileId, from: Bytes, to: Bytes): void {
    const { blockSize } = this.geometry;
    const first = Math.floor(from / blockSize);
    const { data, dataBlock } = this.peek(file, first, 1);
    const written = data[0] === Fork.written;
    this.durability.reaches(file, from, to, true, written ? dataBlock[0]! : 0, written ? 1 : 0);
  }

  /** A folio that a view can store to already may get a page more that can be mapped, with what lies behind the end in it. */
  #opensTail(file: FileId, end: Bytes): void {
    const { blockSize, pageSize } = this.geometry;
    const first = Math.floor(end / blockSize);
    if ((this.peek(file, first, 1).cache[0]! & Cached.writable) !== 0)
      this.file(file).scribbled.add(first * blockSize, roundUp(end, pageSize));
  }

  #suspectBlocks(file: FileId, first: number, count: number): void {
    const { blockSize } = this.geometry;
    this.file(file).suspect(first * blockSize, (first + count) * blockSize);
  }
}

/** What `fault-injected` says when the next begin reply is broken on purpose. */
const BROKEN_MAPPING = Object.keys(CHOICES).indexOf('mapping-broken');

/** Events that say that something in the file changed, so that it is looked at even if its view's version stood still. */
const CHANGING: readonly EventName[] = [
  'reserve',
  'reserve-cow',
  'punch',
  'convert',
  'remap',
  'isize',
  'dsize',
  'folio-add',
  'folio-remove',
  'uptodate',
  'dirty',
  'clean',
  'writeback-end',
];
const CHANGES = Uint8Array.from(EVENT_NAMES, name => (CHANGING.includes(name) ? 1 : 0));

function listeners(named: Partial<Record<EventName, Listener>>): (Listener | null)[] {
  return EVENT_NAMES.map(name => named[name] ?? null);
}
