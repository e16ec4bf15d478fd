/**
 * The implementation as a target: makes a file system for a sequence, begins its calls, and shows its hidden state. Memory
 * that is expensive to make (device, folio slab, reference counts) goes from one target to the next.
 */
import {
  Answer,
  type BlockDevice,
  type Call,
  EIO,
  type Geometry,
  LoneTask,
  type Looked,
  type OperationName,
  operationTable,
  type PendingWork,
  type Point,
  type Steps,
  type Target,
  type TargetConfig,
  type TargetFactory,
  type Task,
  type View,
} from '../model/contract/index.js';
import { MemoryDevice } from './device/index.js';
import { emptySuperblock } from './journal/device-journal.js';
import { type MetadataLayout, metadataLayout } from './journal/layout.js';
import { Context, folioMemoryFor } from './library/index.js';
import { Space } from './space/space.js';
import { journalsOnDevice, type Reusable, XfsFileSystem } from './xfs/file-system.js';
import { xfsOperations } from './xfs/operations/index.js';
import { XfsView } from './xfs/view.js';

const operations = operationTable(name => xfsOperations[name]);

/** The steps of a call that is over already. */
class Finished implements Steps<Answer> {
  private readonly answer: Answer;

  constructor(answer: Answer) {
    this.answer = answer;
  }

  next(): IteratorResult<Point, Answer> {
    return { done: true, value: this.answer };
  }

  return(value: Answer): IteratorResult<Point, Answer> {
    return { done: true, value };
  }

  throw(error: unknown): IteratorResult<Point, Answer> {
    throw error;
  }

  [Symbol.iterator](): this {
    return this;
  }

  [Symbol.dispose](): void {}

  get [Symbol.toStringTag](): string {
    return 'Steps';
  }
}

/** What XFS does under i_rwsem alone (section 3 of locking-and-races.md). */
const ORDERED_BY_LOCK: readonly OperationName[] = [
  'read',
  'write',
  'dread',
  'dwrite',
  'truncate',
  'falloc',
  'punch',
  'zero',
  'collapse',
  'insert',
  'unshare',
  'reflink',
  'dedupe',
  'close',
];

/** What is left to do on a file system that was shut down. */
const AFTER_SHUTDOWN: ReadonlySet<OperationName> = new Set<OperationName>([
  'remount',
  'shutdown',
  'complete',
  'reclaim',
  'migrate',
  'revoke',
]);

class XfsTarget implements Target {
  readonly orderedByLock = ORDERED_BY_LOCK;
  readonly device: BlockDevice;
  readonly view: View;
  readonly work: PendingWork;
  private readonly fs: XfsFileSystem;
  /** The context of each task's last call; a task has one call at a time. */
  private readonly contexts: Context[] = [];

  constructor(config: TargetConfig, parts: Parts) {
    const { device } = parts;
    this.device = device;
    this.fs = new XfsFileSystem(config, device, parts, parts.layout);
    this.view = new XfsView(this.fs);
    this.work = this.fs.platform.work;
  }

  /** Recovers from what the device holds; false if there is nothing to recover. */
  recover(looked: Looked | undefined): boolean {
    const task = new LoneTask(0);
    const steps = this.fs.recover(task, looked);
    // Nobody else is there: what recovery writes is a part of the history like anything, and completes in order.
    let next = steps.next();
    for (; next.done !== true; next = steps.next())
      for (const bio of this.device.inFlight.slice()) this.device.complete(bio, 0);
    return next.value === 0;
  }

  start(call: Call, task: Task, into: Answer): Steps<Answer> {
    into.clear();
    if (this.fs.down && !AFTER_SHUTDOWN.has(call.name)) {
      into.error = EIO;
      return new Finished(into);
    }
    const result = operations[call.operation]!(call, this.fs, this.contextOf(task), into);
    return result instanceof Answer ? new Finished(result) : result;
  }

  private contextOf(task: Task): Context {
    const known = this.contexts[task.id];
    if (known !== undefined && known.task === task) return known;
    return (this.contexts[task.id] = new Context(this.fs.platform, task));
  }
}

/** Memory of a target, for one geometry. */
interface Parts extends Reusable {
  readonly device: MemoryDevice;
  readonly layout: MetadataLayout;
}

/** Bytes of devices that are kept for sequences to come: the geometries of a campaign, and its smaller devices, fit in. */
const KEPT = 2 ** 26;

class XfsFactory implements TargetFactory {
  readonly name = 'xfs';
  /** By geometry, the one used last at the end. */
  private readonly kept: Parts[] = [];
  private readonly space = new Space();

  create(config: TargetConfig): Target {
    const parts = this.partsFor(config.geometry);
    parts.device.reset(config.recordDevice, config.writeThrough, config.sink);
    if (journalsOnDevice(config)) parts.device.load(parts.layout.superblocks[1], emptySuperblock(parts.layout));
    return new XfsTarget(config, parts);
  }

  mount(config: TargetConfig, image: Uint8Array, looked?: Looked): Target | null {
    const parts = this.partsFor(config.geometry);
    if (image.length !== parts.device.contents.length) return null;
    parts.device.reset(config.recordDevice, config.writeThrough, config.sink, image);
    const target = new XfsTarget({ ...config, journal: 'device' }, parts);
    return target.recover(looked) ? target : null;
  }

  /** Making and poisoning a device of a real geometry costs as much as a sequence on it, so some are kept. */
  private partsFor(geometry: Geometry): Parts {
    const { kept } = this;
    const place = kept.findLastIndex(({ layout }) => sameGeometry(layout.geometry, geometry));
    if (place >= 0 && place === kept.length - 1) return kept[place]!;
    const known = place >= 0 ? kept.splice(place, 1)[0] : undefined;
    const layout = known?.layout ?? metadataLayout(geometry);
    // Let go of old memory first: a device can take hundreds of megabytes.
    let bytes = layout.end;
    for (const { device } of kept) bytes += device.contents.length;
    while (bytes > KEPT && kept.length > 0) bytes -= kept.shift()!.device.contents.length;
    const parts: Parts = known ?? {
      device: new MemoryDevice(geometry, layout.end),
      layout,
      memory: folioMemoryFor(geometry),
      space: this.space,
    };
    kept.push(parts);
    return parts;
  }
}

function sameGeometry(one: Geometry, other: Geometry): boolean {
  return (
    one.blockSize === other.blockSize &&
    one.pageSize === other.pageSize &&
    one.maxFolioSize === other.maxFolioSize &&
    one.sectorSize === other.sectorSize &&
    one.deviceBlocks === other.deviceBlocks
  );
}

/** A factory with memory of its own: targets of two factories live side by side. */
export function xfsFactory(): TargetFactory {
  return new XfsFactory();
}
