/**
 * The implementation as a target: makes a file system for a sequence, begins its calls, and shows its hidden state. Memory
 * that is expensive to make (device, folio slab, reference counts) goes from one target to the next.
 */
import {
  Answer,
  type BlockDevice,
  type Call,
  type Geometry,
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
import { Context, type FolioMemory, folioMemoryFor } from './library/index.js';
import { Space } from './space/space.js';
import { XfsFileSystem } from './xfs/file-system.js';
import { xfsOperations } from './xfs/operations/index.js';
import { XfsView } from './xfs/view.js';

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

class XfsTarget implements Target {
  readonly device: BlockDevice;
  readonly view: View;
  readonly work: PendingWork;
  private readonly fs: XfsFileSystem;
  /** The context of each task's last call; a task has one call at a time. */
  private readonly contexts: Context[] = [];

  constructor(config: TargetConfig, device: MemoryDevice, memory: FolioMemory, space: Space) {
    device.reset(config.recordDevice, config.writeThrough, config.sink);
    this.device = device;
    this.fs = new XfsFileSystem(config, device, { memory, space });
    this.view = new XfsView(this.fs);
    this.work = this.fs.platform.work;
  }

  start(call: Call, task: Task, into: Answer): Steps<Answer> {
    into.clear();
    const result = xfsOperations[call.name](call, this.fs, this.contextOf(task), into);
    return result instanceof Answer ? new Finished(result) : result;
  }

  private contextOf(task: Task): Context {
    const known = this.contexts[task.id];
    if (known !== undefined && known.task === task) return known;
    return (this.contexts[task.id] = new Context(this.fs.platform, task));
  }
}

class XfsFactory implements TargetFactory {
  readonly name = 'xfs';
  private geometry: Geometry | null = null;
  private device: MemoryDevice | null = null;
  private memory: FolioMemory | null = null;
  private readonly space = new Space();

  create(config: TargetConfig): Target {
    const { geometry } = config;
    if (this.device === null || this.memory === null || !sameGeometry(this.geometry, geometry)) {
      // Let go of the old memory first: a device of a real geometry takes hundreds of megabytes.
      this.device = null;
      this.memory = null;
      this.device = new MemoryDevice(geometry);
      this.memory = folioMemoryFor(geometry);
      this.geometry = geometry;
    }
    return new XfsTarget(config, this.device, this.memory, this.space);
  }
}

function sameGeometry(one: Geometry | null, other: Geometry): boolean {
  return (
    one !== null &&
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
