/**
 * INV-35, INV-44, PC-33: the size in memory moves only through stores, direct completions and size operations. A file that
 * nothing wrote to since its size was printed has that size still. Decided on XFS with its events, and on EROFS, where
 * nothing changes; while a size operation runs nothing is said.
 */
import type { KernelEvent } from '../../../model/contract/kernel-event.js';
import { OpFlag } from '../../../model/contract/op-flags.js';
import type { KernelRule } from '../rule.js';
import { Shrinking } from '../shrinking.js';
import { hex } from '../text.js';

interface Size {
  /** The last size that was printed; NaN while none was that still counts. */
  known: number;
  since: KernelEvent;
  /** Stores and completions since may have moved it up to here. */
  top: number;
  readonly epoch: number;
}

const MOST_FILES = 1 << 12;

export const size: KernelRule = {
  id: 'K-SIZE',
  sentence: 'The size of a file stays until something stores behind it or sets it.',
  sources: ['PC-33', 'DIO-41', 'DIO-47', 'INV-35', 'INV-44'],
  exercised: 'an event printed the size of a file known before',
  lines: 2,
  watch(world, judge) {
    const files = new Map<string, Size>();
    const shrinking = new Shrinking(judge.undecided);
    const printed = (event: KernelEvent, now: number): undefined => {
      const { device, resizing } = world;
      if (device.fs !== 'erofs' && !(device.fs === 'xfs' && device.showsBegin)) return judge.undecided();
      const key = `${event.dev} ${event.ino}`;
      if (device.fs === 'xfs' && resizing.has(event.dev, event.ino)) {
        const file = files.get(key);
        if (file !== undefined) file.known = Number.NaN;
        return judge.undecided();
      }
      const epoch = resizing.epoch(event.dev, event.ino);
      const file = files.get(key);
      if (file === undefined || file.epoch !== epoch || Number.isNaN(file.known)) {
        if (files.size >= MOST_FILES) files.clear();
        // A store that began before may go on.
        files.set(key, { known: now, since: event, top: Math.max(now, file?.top ?? 0), epoch });
        return;
      }
      const { known, top, since } = file;
      file.known = now;
      file.since = event;
      file.top = Math.max(top, now);
      if (now < known) {
        return shrinking.defer(event, now, known, () =>
          judge.broken(event, `${hex(now)}, before ${hex(known)}, and nothing cut it`, since),
        );
      }
      if (now > top) return judge.broken(event, `${hex(now)}, where nothing was stored behind ${hex(top)}`, since);
      return judge.held();
    };
    /** Something may have moved the size up to `end`. */
    const upTo = (event: KernelEvent, end: number): undefined => {
      const key = `${event.dev} ${event.ino}`;
      const file = files.get(key);
      if (file !== undefined) file.top = Math.max(file.top, end);
      else {
        if (files.size >= MOST_FILES) files.clear();
        files.set(key, {
          known: Number.NaN,
          since: event,
          top: end,
          epoch: world.resizing.epoch(event.dev, event.ino),
        });
      }
    };
    const ranged = (event: KernelEvent & { readonly size: number }): undefined => printed(event, event.size);
    return {
      writebackFolio: ranged,
      zeroPiece: ranged,
      releaseFolio: ranged,
      dioBegin(event) {
        printed(event, event.size);
        return upTo(event, event.offset + event.length);
      },
      ...shrinking.heard(world),
      dioQueued: ranged,
      dioComplete: ranged,
      iter(event) {
        const { step } = world;
        if (step === null || (event.flags & OpFlag.WRITE) === 0) return;
        return upTo(event, step.is === 'next' ? event.pos : event.pos + event.length);
      },
      dstmap(event) {
        const top = world.task.open.at(-1);
        if (top === undefined || (top.first.flags & OpFlag.WRITE) === 0) return;
        return upTo(event, Number.isNaN(top.remaining) ? event.offset + event.length : top.pos + top.remaining);
      },
      xfsFile(event) {
        if (event.isize >= 0) printed(event, event.isize);
        if (event.name.endsWith('_write')) return upTo(event, event.pos + event.count);
        return undefined;
      },
    };
  },
};
