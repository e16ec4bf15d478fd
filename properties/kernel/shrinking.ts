/**
 * A truncate sets the size in memory before its first event (`xfs_itruncate_extents_start`, where the size is a multiple
 * of the block), and other tasks print the new size in between. So that a size fell for no reason is said only when no
 * such event of the file followed, of a task that did nothing else in between: at a marker, at the end, or much later.
 */
import type { KernelEvent } from '../../model/contract/kernel-event.js';
import type { KernelWatch } from './rule.js';
import type { KernelWorld } from './world.js';

interface Waiting {
  readonly time: number;
  readonly line: number;
  /** The size that was printed, and the one before it. */
  readonly size: number;
  readonly before: number;
  readonly accuse: () => void;
}

/** Seconds. A truncate has nothing long to do in between, but may have to wait for its turn. */
const PATIENCE = 1;
const MOST_FILES = 1 << 10;
const MOST = 64;

export class Shrinking {
  private readonly files = new Map<string, Waiting[]>();
  private readonly excuse: () => void;

  /** `excuse` is called for what a truncate turned out to have done. */
  constructor(excuse: () => void) {
    this.excuse = excuse;
  }

  /** The file of `event` was smaller than can be explained: `accuse` says so if no truncate from `before` to `size` or less follows. */
  defer(event: KernelEvent, size: number, before: number, accuse: () => void): undefined {
    const key = `${event.dev} ${event.ino}`;
    let list = this.files.get(key);
    if (list === undefined) {
      if (this.files.size >= MOST_FILES) this.end();
      this.files.set(key, (list = []));
    }
    if (list[0] !== undefined && event.time - list[0].time > PATIENCE)
      for (const { accuse } of list.splice(0)) accuse();
    if (list.length >= MOST) this.excuse();
    else list.push({ time: event.time, line: event.line, size, before, accuse });
  }

  /** What a rule hears on its behalf. */
  heard(world: KernelWorld): Pick<KernelWatch, 'xfsTruncate' | 'atBarrier' | 'atEnd'> {
    return {
      xfsTruncate: event => this.truncated(event, event.newSize, world.task.acted),
      atBarrier: () => this.end(),
      atEnd: () => this.end(),
    };
  }

  /** `acted` is the line of the last other event of the task that truncates. */
  private truncated(event: KernelEvent, newSize: number, acted: number): undefined {
    const key = `${event.dev} ${event.ino}`;
    const list = this.files.get(key);
    if (list === undefined) return;
    const left = list.filter(
      ({ size, before, time, line }) =>
        size < newSize || before <= newSize || acted >= line || event.time - time > PATIENCE,
    );
    for (let i = left.length; i < list.length; i++) this.excuse();
    for (const { accuse } of left) accuse();
    this.files.delete(key);
  }

  /** Nothing follows any more. */
  private end(): undefined {
    for (const list of this.files.values()) for (const { accuse } of list) accuse();
    this.files.clear();
  }
}
