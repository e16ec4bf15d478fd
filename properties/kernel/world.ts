/**
 * What the rules share: who does what at this moment. Tasks with their open iterations and requests, files with their
 * direct requests, devices with their file system and block size. Derived from the events only, kept small: what nobody
 * touched for long is forgotten.
 *
 * `before` is called ahead of the rules with each event, `after` behind them, so a rule sees the state that the event
 * met, and for `iomap_iter` the classification of the step in `step`.
 */
import { directRequestTable } from '../../model/charts/direct-request.js';
import { mappingIterationTable as chart } from '../../model/charts/mapping-iteration.js';
import type {
  DirectBeginEvent,
  DirectCompleteEvent,
  IterEvent,
  KernelEvent,
  KernelEventKind,
  KernelEventOf,
  MappingEvent,
  RangeEvent,
  XfsFileEvent,
} from '../../model/contract/kernel-event.js';
import { OpFlag } from '../../model/contract/op-flags.js';
import { Beyond } from './beyond.js';
import { completedRequest, endingRequest } from './completing.js';
import { Device, type FileState } from './device.js';
import { DirectRequest } from './direct.js';
import { FileMaps } from './file-maps.js';
import { Iteration } from './iteration.js';
import { Mounts } from './mounts.js';
import { Resizing } from './resizing.js';
import { Syncing } from './syncing.js';
import { type Task, Tasks } from './task.js';

/** How an `iomap_iter` event relates to what was open. */
export interface Step {
  /** `first`: a new iteration. `next`: the one in hand goes on. `orphan`: neither is possible. */
  readonly is: 'first' | 'next' | 'orphan';
  readonly iteration: Iteration;
  /** For `next`: bytes since the mapping was begun. */
  readonly advanced: number;
  /** Iterations that can no longer come to their end. */
  readonly broken: readonly Iteration[];
}

/** What a truncate does between setting the size and its own event: it cuts the cache, and may write some of it back. */
const CUTS: ReadonlySet<string> = new Set([
  'cacheDelete',
  'invalidateFolio',
  'releaseFolio',
  'writebackFolio',
  'piece',
  'xfsInvalid',
]);
/** Right after the start of a recording a task may be seen in the middle of an operation. Seconds. */
const START = 0.002;
/** So may anything for longer after a gap, when a busy system is met in the middle. Seconds. */
const AFTER_GAP = 1;
/** Direct requests of a file of which nobody tells the end. */
const MOST_REQUESTS = 4096;
/** More devices than anybody records at once. */
export const MOST_DEVICES = 256;

type Listener = (event: KernelEvent) => void;

export class KernelWorld {
  readonly tasks = new Tasks();
  readonly devices = new Map<string, Device>();
  readonly maps = new FileMaps();
  readonly resizing = new Resizing();
  readonly beyond = new Beyond();
  private readonly mounts = new Mounts();
  readonly syncing = new Syncing();
  /** Files with direct requests under way. */
  readonly busy = new Set<FileState>();
  /** Operations seen: iterations that began. */
  operations = 0;
  /** The recording is a snapshot of the buffer, in order of time over all CPUs. */
  snapshot = false;
  /** It starts in the middle: events before were lost. */
  gap = false;
  /** Of the event at hand. */
  task!: Task;
  device!: Device;
  file!: FileState;
  step: Step | null = null;
  /** The iteration that had asked and got nothing, where `step` shows it. */
  unanswered: Iteration | null = null;
  /** The request that an event of completion belongs to. */
  request: DirectRequest | null = null;
  private started = Number.NaN;
  private readonly nowhere = new Device('');
  /** What is kept of events once the rules have heard them. */
  private readonly behind: { readonly [K in KernelEventKind]?: (event: KernelEventOf<K>) => void } = {
    iter: event => this.iterated(event),
    dstmap: event => this.given(event),
    srcmap: event => this.sourced(event),
    xfsInvalid: event => this.invalidated(event),
    zeroPiece: event => this.zeroed(event),
    writebackFolio: event => {
      this.task.taken = event;
    },
    read: event => {
      this.task.read = event;
    },
    ext4Blocks: event => {
      if (event.name === 'ext4_ext_map_blocks_exit') this.task.blocks = event;
    },
    xfsExtent: event => {
      this.task.extent = event;
    },
    xfsFile: event => this.called(event),
    dioBegin: event => this.requested(event),
    dioQueued: () => {
      this.task.direct?.step(directRequestTable.event.queued);
      this.task.direct = null;
    },
    dioComplete: event => this.completed(event),
  };

  /** True while a task without history may have begun its operation before the recording. */
  early(event: KernelEvent): boolean {
    return (this.task.fresh || this.gap) && this.unsettled(event);
  }

  /** True while I/O may have been in flight since before the recording, or before a gap in it. */
  unsettled(event: KernelEvent): boolean {
    return event.time - this.started < (this.gap ? AFTER_GAP : START);
  }

  before(event: KernelEvent): void {
    if (Number.isNaN(this.started)) this.started = event.time;
    this.task = this.tasks.of(event.task);
    this.task.seen = event.time;
    this.device = event.dev === '' ? this.nowhere : this.deviceOf(event.dev);
    this.file = this.device.file(event.ino);
    this.request = null;
    this.device.hear(event);
    this.maps.before(event);
    this.resizing.before(event);
    if (event.kind === 'iter') this.step = this.classify(event);
    else if (event.kind === 'dioComplete') this.request = completedRequest(this.file.requests, event, this.tasks);
    else if (event.kind === 'xfsFile') this.request = endingRequest(this.file.requests, event, this.task, this.tasks);
    this.syncing.before(event, this.task, event.kind === 'iter' ? this.step : null);
  }

  after(event: KernelEvent): void {
    const { task } = this;
    for (const sync of this.syncing.ended) this.maps.synced(sync, event);
    this.maps.after(event, this.device, task.open.at(-1));
    (this.behind[event.kind] as Listener | undefined)?.(event);
    if (!CUTS.has(event.kind) && !event.name.startsWith('xfs_map_blocks_')) task.acted = event.line;
    // What starts an operation is known from its start; what came before may have belonged to one already under way.
    if (event.kind === 'iter' || event.kind === 'dioBegin' || event.name.startsWith('xfs_file_')) task.fresh = false;
  }

  /** Ahead of everything: tells the mounts of a device apart. */
  name(event: KernelEvent): void {
    const { time } = event;
    const failed = this.mounts.name(
      event,
      alias => this.devices.get(alias)?.isFaulty === true && !this.isBusy(alias, time),
    );
    // It may be the same mount after all, and go on failing.
    if (failed !== null) this.deviceOf(event.dev).isFaulty = true;
  }

  /** True if something is under way on the device, by tasks that were seen lately. */
  private isBusy(dev: string, now: number): boolean {
    for (const file of this.busy) if (file.dev === dev && file.requests.some(r => r.iterated)) return true;
    for (const { open, direct, seen } of this.tasks) {
      if ((open.length > 0 || direct !== null) && now - seen < AFTER_GAP) return true;
    }
    return false;
  }

  /** Instead of the rules, for an event of a file that nothing is said of: what its task had under way there is forgotten. */
  pass(event: KernelEvent): void {
    const task = this.tasks.of(event.task);
    const isThere = (e: KernelEvent): boolean => e.ino === event.ino && e.dev === event.dev;
    if (task.open.some(({ first }) => isThere(first))) task.open.splice(0, task.open.length);
    if (task.direct !== null && isThere(task.direct.begin)) task.direct = null;
    this.deviceOf(event.dev).hear(event);
  }

  /** A marker says that all that was called for has returned. Ahead of the rules that use it. */
  barrier(): void {
    this.syncing.barrier();
  }

  private deviceOf(dev: string): Device {
    let device = this.devices.get(dev);
    if (device === undefined) {
      if (this.devices.size >= MOST_DEVICES) this.devices.delete(this.devices.keys().next().value ?? '');
      device = new Device(dev);
      this.devices.set(dev, device);
    }
    return device;
  }

  private classify(event: IterEvent): Step {
    const { open } = this.task;
    const broken: Iteration[] = [];
    this.unanswered = null;
    // An iteration that asked and got nothing is over: its begin failed.
    const asking = open.at(-1);
    if (asking !== undefined && !asking.holds) {
      asking.step(chart.event.refused);
      open.pop();
      this.task.ended = asking;
      this.unanswered = asking;
    }
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      if (top.matches(event)) return { is: 'next', iteration: top, advanced: event.pos - top.pos, broken };
      if (top.mayHold(event)) break;
      broken.push(top);
      open.pop();
    }
    const iteration = new Iteration(event);
    const possible = event.pos === 0 ? event.length === 0 : event.length > 0;
    return { is: possible ? 'first' : 'orphan', iteration, advanced: 0, broken };
  }

  private iterated(event: IterEvent): void {
    const { task, step } = this;
    if (step === null) return;
    const { iteration } = step;
    task.extent = null;
    task.blocks = null;
    const { direct } = task;
    if (step.is !== 'next') {
      this.operations++;
      // What looks like a first call may be a step of an operation that began in the dark.
      if (step.is === 'orphan' || this.early(event)) iteration.asks = false;
      task.open.push(iteration);
      task.read = null;
      if ((event.flags & OpFlag.WRITE) !== 0) task.call = null;
      if ((event.flags & OpFlag.ZERO) !== 0) task.zeroEof = null;
      if (direct !== null && (event.flags & OpFlag.DIRECT) !== 0) {
        direct.iterated = true;
        direct.write = (event.flags & OpFlag.WRITE) !== 0;
      }
      return;
    }
    iteration.step(chart.event.end);
    const again = step.advanced === 0 && (iteration.invalid !== null || iteration.mayFlush);
    if (step.advanced === 0 && iteration.invalid === null && again) iteration.flushed = true;
    let remaining = iteration.remaining - step.advanced;
    if (Number.isNaN(remaining) && event.length < iteration.end - event.pos) remaining = event.length;
    iteration.pos = event.pos;
    iteration.zeroed = event.pos;
    iteration.asks = remaining > 0 && event.status === 0;
    iteration.remaining = remaining;
    iteration.mapping = null;
    iteration.source = null;
    iteration.invalid = null;
    iteration.keep(event);
    if (direct !== null && (event.flags & OpFlag.DIRECT) !== 0) direct.reached = event.pos;
    const over = event.status < 0 || remaining === 0 || (step.advanced === 0 && !again);
    if (over) {
      iteration.step(chart.event.finish);
      task.open.pop();
      task.ended = iteration;
    } else {
      iteration.step(chart.event.begin);
    }
  }

  private given(event: MappingEvent): void {
    const { task } = this;
    const top = task.open.at(-1);
    task.extent = null;
    task.blocks = null;
    if (top === undefined || top.first.ino !== event.ino || !top.step(chart.event.given)) return;
    top.mapping = event;
    top.keep(event);
    if (task.direct !== null && (top.first.flags & OpFlag.DIRECT) !== 0) task.direct.map(event);
  }

  private sourced(event: MappingEvent): void {
    const top = this.task.open.at(-1);
    if (top === undefined || !top.step(chart.event.sourced)) return;
    top.source = event;
    top.keep(event);
  }

  private invalidated(event: KernelEvent): void {
    const top = this.task.open.at(-1);
    if (event.name !== 'xfs_iomap_invalid' || top?.holds !== true) return;
    top.step(chart.event.invalid);
    top.invalid = event;
    top.keep(event);
  }

  private zeroed(event: RangeEvent): void {
    const top = this.task.open.at(-1);
    if (top?.holds !== true) return;
    top.zeroed = event.offset + event.length;
    top.step(chart.event.work);
  }

  private requested(event: DirectBeginEvent): void {
    const { task, file } = this;
    task.direct = new DirectRequest(event);
    file.requests.push(task.direct);
    this.busy.add(file);
    if (file.requests.length > MOST_REQUESTS) file.requests.shift();
  }

  private called(event: XfsFileEvent): void {
    const { task, request } = this;
    if (event.name.startsWith('xfs_file_')) task.call = event;
    else if (event.name === 'xfs_zero_eof') task.zeroEof = event;
    if (request === null) return;
    if (event.name === 'xfs_end_io_direct_write') {
      request.endIo = event;
      request.step(directRequestTable.event.endIo);
    } else if (event.name === 'xfs_unwritten_convert') request.converted = event;
    else if (event.name === 'xfs_reflink_end_cow') request.remapped = event;
  }

  private completed(event: DirectCompleteEvent): void {
    const { file, task, request } = this;
    if (!event.aio && task.direct !== null) task.direct = null;
    if (request === null) return;
    request.step(directRequestTable.event.complete);
    request.completed = true;
    if (task.direct === request) task.direct = null;
    const at = file.requests.indexOf(request);
    if (at >= 0) file.requests.splice(at, 1);
    if (file.requests.length === 0) this.busy.delete(file);
  }
}
