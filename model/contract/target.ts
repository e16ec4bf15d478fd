/**
 * What can be asked of anything under test. A target is made for one sequence by a `TargetFactory` from a configuration;
 * everything nondeterministic in it goes through the chooser and the yield points.
 */
import type { Answer, Call, OperationName } from './calls.js';
import type { Chooser } from './chooser.js';
import type { BlockDevice } from './device.js';
import type { Sink } from './events.js';
import type { Geometry } from './geometry.js';
import type { Steps, Task } from './tasks.js';
import type { Bytes } from './units.js';
import type { View } from './view.js';

/** Tunables of the file system, with XFS's names; the neutral value of each is what the recordings had. */
export interface FileSystemOptions {
  /** Blocks of copy-on-write preallocation around a write to a shared block (cowextsize). Default 32. */
  readonly cowExtentBlocks: number;
  /** Bytes a file must have before extending writes preallocate behind the end; −1: never. Default 65,536. */
  readonly preallocateFrom: number;
  /** Extent size hint in blocks; 0: none. Default 0. */
  readonly extentSizeHint: number;
  /** The file system can share blocks. Default true. */
  readonly reflink: boolean;
}

export const DEFAULT_OPTIONS: FileSystemOptions = {
  cowExtentBlocks: 32,
  preallocateFrom: 65_536,
  extentSizeHint: 0,
  reflink: true,
};

export interface TargetConfig {
  readonly fs: string;
  readonly geometry: Geometry;
  readonly options: FileSystemOptions;
  /** How many files the sequence uses; they exist from the start, empty. */
  readonly files: number;
  readonly chooser: Chooser;
  readonly sink: Sink;
  /** Record the device's history, for crashes. */
  readonly recordDevice: boolean;
  /**
   * Where the journal lives: on the device, so that a shutdown or a crash can be recovered from, or in memory, which costs
   * less and cannot. Absent: on the device if its history is recorded.
   */
  readonly journal?: 'device' | 'memory';
  /** The device has no volatile cache (CR-02 c). */
  readonly writeThrough: boolean;
}

/** Work that waits for a scheduler: completion workers, asynchronous requests. */
export interface PendingWork {
  /** Number of items; `start` takes 0 … count−1, and renumbers the rest. */
  readonly count: number;
  start(index: number, task: Task): Steps<void>;
}

export interface Target {
  /** Begins a call on behalf of `task`; the generator ends with the answer, which is `into`. */
  start(call: Call, task: Task, into: Answer): Steps<Answer>;
  /** Completion work and asynchronous requests that nobody has started yet. */
  readonly work: PendingWork;
  /**
   * Operations whose answers depend only on what they see and do while they hold the inode lock (L1), of which the target
   * tells by `lock` events: then the order of locks is the order of these calls. Absent: none.
   */
  readonly orderedByLock?: readonly OperationName[];
  /**
   * Operations that take effect as a whole, at one moment between their start and their answer. For a target that tells of
   * no locks: a serial order of them is searched for. Absent: none.
   */
  readonly atomic?: readonly OperationName[];
  /** Hidden state. Absent: the invariants that need it are not checked. */
  readonly view?: View;
  /** The device below. Absent: nothing is in flight that a scheduler could complete, and no power can be lost. */
  readonly device?: BlockDevice;
}

export interface TargetFactory {
  /** `"xfs"`, or the name of the third party's module. */
  readonly name: string;
  /** A target with empty files. May reuse the memory of the target it made before, which is dead from then on. */
  create(config: TargetConfig): Target;
  /**
   * Mounts what a crash left: recovery reads nothing but this image of the device (CR-10), which becomes the device's
   * contents. Null when there is no file system on it to recover. Absent: the target cannot crash. `looked` is told what
   * recovery reads.
   */
  mount?(config: TargetConfig, image: Uint8Array, looked?: Looked): Target | null;
}

/**
 * Told of each range of the image that recovery reads, in order. What it reads next, and what it comes to, depends on
 * nothing of the image but what it has read.
 */
export type Looked = (address: Bytes, length: Bytes) => void;
