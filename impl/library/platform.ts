/**
 * What the library's functions share: one `Platform` per target (geometry, chooser, sink, device, folio memory, locks and
 * completion work), and one `Context` per task at work, which is also the `Services` that callbacks are lent.
 */
import type { BlockDevice, Chooser, Geometry, Services, Sink, TargetConfig, Task } from '../../model/contract/index.js';
import type { Folio } from '../cache/folio.js';
import { FolioMemory } from '../cache/folio-memory.js';
import { LockTable, ReadCount } from '../sync/index.js';
import { WorkQueue } from '../work.js';
import { IterationPool } from './iteration.js';

export class Platform {
  readonly geometry: Geometry;
  readonly chooser: Chooser;
  readonly sink: Sink;
  readonly device: BlockDevice;
  readonly memory: FolioMemory;
  readonly locks: LockTable;
  readonly reads = new ReadCount();
  readonly work = new WorkQueue();
  readonly iterations = new IterationPool();
  /** Numbers of direct requests, for events. */
  requests = 0;

  /** `memory` may come from the target before this one, which is dead from now on. */
  constructor(config: Pick<TargetConfig, 'geometry' | 'chooser' | 'sink'>, device: BlockDevice, memory: FolioMemory) {
    this.geometry = config.geometry;
    this.chooser = config.chooser;
    this.sink = config.sink;
    this.device = device;
    this.memory = memory;
    this.locks = new LockTable(config.sink);
    memory.reset();
  }
}

/** Folio memory that fits a geometry. */
export function folioMemoryFor(geometry: Geometry): FolioMemory {
  return new FolioMemory(Math.max(geometry.pageSize, geometry.blockSize), geometry.maxFolioSize);
}

export class Context implements Services {
  readonly platform: Platform;
  readonly geometry: Geometry;
  readonly chooser: Chooser;
  readonly sink: Sink;
  readonly device: BlockDevice;
  readonly task: Task;
  /** The dirty folios that begin collected for a mapping with FOLIO_BATCH; emptied by the library before the next begin. */
  readonly batch: Folio[] = [];
  /** Set by `zeroRange`: a byte was stored (PC-72). */
  didZero = false;
  private pipe: Uint8Array | null = null;

  constructor(platform: Platform, task: Task) {
    this.platform = platform;
    this.geometry = platform.geometry;
    this.chooser = platform.chooser;
    this.sink = platform.sink;
    this.device = platform.device;
    this.task = task;
  }

  /** The memory through which the task copies from file to file; what it holds is from the copy before. */
  pipeOf(bytes: number): Uint8Array {
    if (this.pipe === null || this.pipe.length < bytes) this.pipe = new Uint8Array(bytes);
    return this.pipe;
  }
}
