/**
 * What is known of a device: which file system lies on it, its block size, and which families of events the recording
 * has. Nothing is assumed: the file system is named by its operations or its events, and the block size is taken from
 * pairs of events that print the same extent once in blocks and once in bytes, when two of them agree.
 */
import type { KernelEvent, MappingEvent } from '../../model/contract/kernel-event.js';
import type { DirectRequest } from './direct.js';

/** One inode, as far as several rules need it. */
export interface FileState {
  readonly dev: string;
  readonly ino: number;
  /** Direct requests that have not completed. */
  readonly requests: DirectRequest[];
}

const FILE_SYSTEMS = ['xfs', 'ext4', 'erofs', 'btrfs', 'fuse', 'gfs2', 'zonefs', 'f2fs'] as const;
const MOST_FILES = 1 << 14;

export class Device {
  readonly dev: string;
  /** Name of the file system; empty while unknown. */
  fs = '';
  /** Bytes; 0 while unknown. */
  blockSize = 0;
  /** The file system's own events are in the recording. */
  showsOwn = false;
  /** XFS's events of begin (`xfs_iomap_*`) are in the recording. */
  showsBegin = false;
  /** XFS's events of completion are in the recording. */
  showsCompletion = false;
  /**
   * Some of its requests failed, or it was shut down. Errors of writeback leave no event, so what they would excuse is not
   * decided on a device that shows any.
   */
  isFaulty = false;
  private readonly files = new Map<number, FileState>();
  private readonly votes = new Map<number, number>();
  private readonly waiting: (() => void)[] = [];
  private readonly unnamed: ((fs: string) => void)[] = [];

  constructor(dev: string) {
    this.dev = dev;
  }

  file(ino: number): FileState {
    let file = this.files.get(ino);
    if (file === undefined) {
      if (this.files.size >= MOST_FILES) this.files.clear();
      file = { dev: this.dev, ino, requests: [] };
      this.files.set(ino, file);
    }
    return file;
  }

  /** Learns from an event's name. */
  hear(event: KernelEvent): void {
    if (event.kind === 'iter' && this.fs === '') this.fs = fileSystemOf(event.ops);
    if (event.kind === 'dioComplete' ? FAULTS.has(Math.min(event.error, event.ret)) : isCowGivenUp(event)) {
      this.isFaulty = true;
    }
    this.hearName(event);
    if (this.fs !== '' && this.unnamed.length > 0) for (const check of this.unnamed.splice(0)) check(this.fs);
  }

  private hearName(event: KernelEvent): void {
    const { name } = event;
    if (name.charCodeAt(0) === 120 && name.startsWith('xfs_')) {
      if (this.fs === '') this.fs = 'xfs';
      if (event.kind === 'xfsExtent') this.showsBegin = true;
      else if (event.kind === 'xfsFile' && COMPLETIONS.has(name)) this.showsCompletion = true;
      this.showsOwn = true;
    } else if (name.charCodeAt(0) === 101 && name.startsWith('ext4_')) {
      if (this.fs === '') this.fs = 'ext4';
      this.showsOwn = true;
    }
  }

  /** An extent of `blocks` blocks from block `start` of the file is `[offset, offset+length)` in bytes. */
  vote(start: number, blocks: number, mapping: MappingEvent): void {
    if (this.blockSize !== 0) return;
    const size = start > 0 ? mapping.offset / start : mapping.length / blocks;
    if (!(size >= 512 && size <= 65536) || (size & (size - 1)) !== 0) return;
    const votes = (this.votes.get(size) ?? 0) + 1;
    this.votes.set(size, votes);
    if (votes < 2) return;
    this.blockSize = size;
    for (const check of this.waiting.splice(0)) check();
  }

  /** Runs `check` with the name of the file system, now or when it becomes known; never if it does not. */
  withFileSystem(check: (fs: string) => void): void {
    if (this.fs !== '') check(this.fs);
    else if (this.unnamed.length < 256) this.unnamed.push(check);
  }

  /** Runs `check` now if the block size is known, else when it becomes known; false if too many wait. */
  withBlockSize(check: () => void): boolean {
    if (this.blockSize !== 0) check();
    else if (this.waiting.length >= 256) return false;
    else this.waiting.push(check);
    return true;
  }
}

/** Errors that devices answer with: EIO, ENOSPC (also of a file system), ENODATA, ETIMEDOUT, EILSEQ, EREMOTEIO, EBADE. */
const FAULTS = new Set([-5, -28, -61, -110, -84, -121, -52]);

/** The end of a failed copy-on-write gives up its range; what gives up space for other reasons goes to the end of the file. */
function isCowGivenUp({ name, comm, text }: KernelEvent): boolean {
  return (
    name === 'xfs_reflink_cancel_cow_range' &&
    comm.startsWith('kworker') &&
    !text.endsWith('bytecount 0xffffffffffffffff')
  );
}

const COMPLETIONS = new Set([
  'xfs_unwritten_convert',
  'xfs_setfilesize',
  'xfs_reflink_end_cow',
  'xfs_end_io_direct_write',
]);

/** The file system that an operations table belongs to; empty for an address or an unknown prefix. */
export function fileSystemOf(ops: string): string {
  const name = ops.startsWith('z_') ? ops.slice(2) : ops;
  return FILE_SYSTEMS.find(fs => name.startsWith(`${fs}_`)) ?? '';
}
