/**
 * Mounts of one device after one another. No event tells of an unmount, and after a crash (a shutdown, and recovery at the
 * next mount) blocks and sizes are those of the log, or there is another file system altogether. Signs that it may have
 * happened: `umount` drops cache; or requests fail, or reads are left without an answer, and then the device is silent for
 * as long as unmounting and mounting takes at least. From the next operation on it is taken for another device: it gets a
 * name of its own, so that nothing known of the old one is held against it.
 */
import type { KernelEvent } from '../../model/contract/kernel-event.js';

interface Mount {
  readonly alias: string;
  readonly count: number;
  /** Time of its last event. */
  last: number;
  /** `umount` dropped its cache. */
  isEnding: boolean;
}

/** Seconds. */
const PAUSE = 0.01;
const MOST_DEVICES = 256;

export class Mounts {
  private readonly mounts = new Map<string, Mount>();

  /**
   * Names the mount of the event's device. `mayBeOver` says of a mount whose device is silent whether it failed before and
   * nothing is under way on it. The answer is the old name where that was the reason for a new one.
   */
  name(event: KernelEvent, mayBeOver: (alias: string) => boolean): string | null {
    const { dev } = event;
    if (dev === '') return null;
    const known = this.mounts.get(dev);
    const isUnmounting = event.comm.startsWith('umount');
    let mount = known;
    let failed: string | null = null;
    if (mount === undefined) {
      if (this.mounts.size >= MOST_DEVICES) this.mounts.clear();
      mount = { alias: dev, count: 1, last: event.time, isEnding: false };
    } else if (isStart(event)) {
      if (!mount.isEnding && event.time - mount.last > PAUSE && mayBeOver(mount.alias)) failed = mount.alias;
      if ((mount.isEnding && !isUnmounting) || failed !== null) {
        const count = mount.count + 1;
        mount = { alias: `${dev}, mount ${count}`, count, last: event.time, isEnding: false };
      }
    }
    if (mount !== known) this.mounts.set(dev, mount);
    mount.last = event.time;
    if (isUnmounting && event.kind === 'cacheDelete') mount.isEnding = true;
    if (mount.alias !== dev) {
      const named = event as { dev: string; bdev?: string };
      named.dev = mount.alias;
      if (named.bdev === dev) named.bdev = mount.alias;
    }
    return failed;
  }
}

const STARTS: ReadonlySet<string> = new Set(['iter', 'dioBegin', 'cacheAdd', 'read']);

/** It may be the first of an operation. */
const isStart = ({ kind, name }: KernelEvent): boolean =>
  STARTS.has(kind) || name.startsWith('xfs_file_') || name.endsWith('_fault') || name === 'ext4_da_write_begin';
