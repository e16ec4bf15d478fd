/**
 * What a step touches, so that an exhaustive search can tell which steps commute. Two steps are independent when they have
 * no resource in common. Resources are the files, the space, the journal, the queues of the device and of completion work, device
 * blocks, and the order in which calls begin and end, which the oracle hears; reading counts like writing.
 *
 * A step touches the files of its call and of every event it tells. What tells of nothing is taken from what kind of step
 * it is: asking for a mapping to store under may look at the free space; calls that are not known to keep to their file
 * touch everything. So a footprint may be too large, never too small.
 */
import {
  type Bio,
  type BlockDevice,
  type Call,
  EVENT_NAMES,
  type EventKind,
  type EventName,
  type FileId,
  type IterationRecord,
  IterStep,
  LOOKING,
  type OperationName,
  OpFlag,
  type PendingWork,
  type Sink,
} from '../../model/contract/index.js';

/** Bits of a footprint. Files and device blocks share bits when there are many: that makes steps dependent, not the reverse. */
const FILES = 8;
const SPACE = 1 << 8;
const QUEUE = 1 << 9;
const WORK = 1 << 10;
const ORDER = 1 << 11;
const JOURNAL = 1 << 12;
const BLOCKS_FROM = 13;
const BLOCKS = 16;
const EVERYTHING = -1;

/** Calls that touch nothing but their file, and what they tell of. */
const LOCAL: ReadonlySet<OperationName> = new Set([
  ...LOOKING,
  'write',
  'mapwrite',
  'readahead',
  'reclaim',
  'migrate',
  'writeback',
]);

const SPACE_EVENTS: readonly EventName[] = ['reserve', 'reserve-cow', 'punch', 'allocate', 'free', 'extent', 'remap'];
const JOURNAL_EVENTS: readonly EventName[] = ['commit', 'log-force', 'flush-begin', 'flush'];
const TOUCHES = Int32Array.from(
  EVENT_NAMES,
  name => (JOURNAL_EVENTS.includes(name) ? JOURNAL : 0) | (SPACE_EVENTS.includes(name) ? SPACE : 0),
);

export class Footprint implements Sink {
  private readonly inner: Sink;
  private mask = 0;
  private device: BlockDevice | null = null;
  private work: PendingWork | null = null;
  private bios = 0;
  private waiting = 0;

  constructor(inner: Sink) {
    this.inner = inner;
  }

  emit(kind: EventKind, file: FileId, a: number, b: number, c: number): void {
    this.mask |= TOUCHES[kind]! | bitOf(file);
    this.inner.emit(kind, file, a, b, c);
  }

  iteration(step: IterStep, record: IterationRecord): void {
    this.mask |= bitOf(record.file);
    if (step === IterStep.beginning && (record.flags & (OpFlag.WRITE | OpFlag.ZERO)) !== 0) this.mask |= SPACE;
    this.inner.iteration(step, record);
  }

  /** A step begins. */
  begin(device: BlockDevice | null, work: PendingWork): void {
    this.mask = 0;
    this.device = device;
    this.work = work;
    this.bios = device?.inFlight.length ?? 0;
    this.waiting = work.count;
  }

  /** The step is one of this call; its first or last one also has its place in the order of calls. */
  ofCall(call: Call, first: boolean, last: boolean): void {
    if (LOCAL.has(call.name) && call.flags === 0) this.mask |= bitOf(call.file) | bitOf(call.fromFile);
    else this.mask = EVERYTHING;
    if (first || last) this.mask |= ORDER;
  }

  /** The step is the completion of this bio. */
  ofBio(bio: Bio, blockSize: number): void {
    if (bio.file < 0) this.mask = EVERYTHING;
    this.mask |= bitOf(bio.file);
    for (let block = Math.floor(bio.addr / blockSize); block * blockSize < bio.addr + bio.length; block++)
      this.mask |= 1 << (BLOCKS_FROM + (block % BLOCKS));
  }

  /** The step is one of a completion worker, or something that cannot be told apart. */
  ofAnything(): void {
    this.mask = EVERYTHING;
  }

  /** The step is over: what it touched. */
  end(completed: boolean): number {
    // A completion takes its bio out of the queue; only what joins the queue changes the order of others.
    const bios = (this.device?.inFlight.length ?? 0) + (completed ? 1 : 0);
    if (bios !== this.bios) this.mask |= QUEUE;
    if (this.work!.count !== this.waiting) this.mask |= WORK;
    return this.mask;
  }
}

function bitOf(file: FileId): number {
  return file < 0 ? 0 : 1 << (file % FILES);
}
