/**
 * Files whose size an operation may be changing. Truncate, fallocate, clone and their like have no event of their own at
 * the instant of the change; they show by zeroing, by space operations, by what they cut. From the first such event until
 * its task goes on to something else the file's sizes are nobody's business; then they are learned anew (`epoch`).
 */
import type { KernelEvent } from '../../model/contract/kernel-event.js';
import { OpFlag } from '../../model/contract/op-flags.js';

const SPACE =
  /^xfs_(?:alloc|free|zero|collapse|insert)_file_space$|^xfs_reflink_(?:remap|update|unshare|set)|^xfs_setattr/;
const MOST_FILES = 1 << 12;

interface Resized {
  readonly tasks: Set<number>;
  epoch: number;
}

export class Resizing {
  private readonly files = new Map<string, Resized>();
  private readonly busy = new Map<number, Set<string>>();

  /** True while an operation may be changing the size. */
  has(dev: string, ino: number): boolean {
    return (this.files.get(`${dev} ${ino}`)?.tasks.size ?? 0) > 0;
  }

  /** Changes whenever sizes known before say nothing any more. */
  epoch(dev: string, ino: number): number {
    return this.files.get(`${dev} ${ino}`)?.epoch ?? 0;
  }

  /** Ahead of the rules. */
  before(event: KernelEvent): void {
    switch (event.kind) {
      case 'xfsFile':
        if (event.name === 'xfs_zero_eof' || SPACE.test(event.name)) this.start(event);
        else if (event.name.startsWith('xfs_file_')) this.end(event.task);
        break;
      case 'xfsTruncate':
        this.start(event);
        break;
      case 'xfsBlocks':
        if (SPACE.test(event.name)) this.start(event);
        break;
      case 'invalidateFolio':
        this.start(event);
        break;
      case 'iter':
        if ((event.flags & OpFlag.ZERO) !== 0) this.start(event);
        else if ((event.flags & OpFlag.REPORT) !== 0) this.end(event.task);
        break;
      case 'dioBegin':
        this.end(event.task);
        break;
      case 'marker':
        for (const task of [...this.busy.keys()]) this.end(task);
        break;
      case 'other':
        if (SPACE.test(event.name)) this.start(event);
        else if (event.name === 'xfs_file_fsync') this.end(event.task);
        break;
      default:
    }
  }

  private start(event: KernelEvent): void {
    const key = `${event.dev} ${event.ino}`;
    let file = this.files.get(key);
    if (file === undefined) {
      if (this.files.size >= MOST_FILES) this.files.clear();
      this.files.set(key, (file = { tasks: new Set(), epoch: 0 }));
    }
    file.tasks.add(event.task);
    const keys = this.busy.get(event.task);
    if (keys === undefined) this.busy.set(event.task, new Set([key]));
    else keys.add(key);
  }

  private end(task: number): void {
    const keys = this.busy.get(task);
    if (keys === undefined) return;
    this.busy.delete(task);
    for (const key of keys) {
      const file = this.files.get(key);
      if (file === undefined) continue;
      file.tasks.delete(task);
      file.epoch++;
    }
  }
}
