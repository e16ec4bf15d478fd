/**
 * WB-53, WB-54, DIO-41, INV-44: the size on disk never exceeds the size in memory and is raised only by what completed:
 * the end of converted or written data, or of a direct write. Shown by XFS, which prints it with most events. While a
 * size operation runs nothing is said.
 */
import type { KernelEvent, XfsExtentEvent, XfsFileEvent } from '../../../model/contract/kernel-event.js';
import type { KernelRule } from '../rule.js';
import { Shrinking } from '../shrinking.js';
import { hex } from '../text.js';

interface Raise {
  readonly to: number;
  readonly by: KernelEvent;
}

interface Size {
  /** The last size on disk that was printed; NaN while none was that still counts. */
  known: number;
  since: KernelEvent;
  /** What completions since may have raised it to. */
  raised: Raise[];
  readonly epoch: number;
}

const RAISES = new Set(['xfs_unwritten_convert', 'xfs_setfilesize', 'xfs_end_io_direct_write']);
const MOST_FILES = 1 << 12;
const MOST_RAISES = 1 << 10;

export const disize: KernelRule = {
  id: 'K-DISIZE',
  sentence: 'The size on disk is never ahead of the size in memory, and moves only to the end of completed data.',
  sources: ['WB-53', 'WB-54', 'DIO-41', 'DIO-43', 'INV-44', 'CR-41'],
  exercised: 'an event printed the size on disk of a file known before',
  lines: 2,
  watch(world, judge) {
    const files = new Map<string, Size>();
    const shrinking = new Shrinking(judge.undecided);
    const printed = (event: XfsFileEvent | XfsExtentEvent): undefined => {
      const { disize: now, dev, ino } = event;
      if (now < 0) return;
      const key = `${dev} ${ino}`;
      let size = files.get(key);
      if (world.resizing.has(dev, ino)) {
        if (size !== undefined) size.known = Number.NaN;
        return judge.undecided();
      }
      const epoch = world.resizing.epoch(dev, ino);
      const isize = event.kind === 'xfsFile' ? event.isize : -1;
      if (isize >= 0 && now > isize) {
        const since = size?.since;
        const before = size === undefined || Number.isNaN(size.known) ? now : size.known;
        return shrinking.defer(event, isize, before, () =>
          judge.broken(event, `${hex(now)} on disk, ${hex(isize)} in memory`, since),
        );
      }
      if (size === undefined || size.epoch !== epoch || Number.isNaN(size.known)) {
        if (files.size >= MOST_FILES) files.clear();
        // A completion that began before may end after.
        files.set(
          key,
          (size = { known: now, since: event, raised: size?.raised.filter(r => r.to > now) ?? [], epoch }),
        );
        return;
      }
      const { known, since, raised } = size;
      size.known = now;
      size.since = event;
      size.raised = raised.filter(r => r.to > now);
      if (now === known || raised.some(r => r.to === now)) return judge.held();
      const most = Math.max(known, ...raised.map(r => r.to));
      const why =
        now > most
          ? `where completed data ends at ${hex(most)}`
          : `which is no end of completed data; before it was ${hex(known)}`;
      const accuse = (): undefined => judge.broken(event, `${hex(now)} on disk, ${why}`, since, raised.at(-1)?.by);
      return now < known ? shrinking.defer(event, now, known, accuse) : accuse();
    };
    return {
      xfsFile(event) {
        printed(event);
        if (!RAISES.has(event.name)) return;
        const key = `${event.dev} ${event.ino}`;
        let size = files.get(key);
        if (size === undefined) {
          if (files.size >= MOST_FILES) files.clear();
          const epoch = world.resizing.epoch(event.dev, event.ino);
          files.set(key, (size = { known: Number.NaN, since: event, raised: [], epoch }));
        }
        const end = event.pos + event.count;
        // A direct write raises the size in memory first, writeback never does (WB-53).
        const direct = event.name === 'xfs_end_io_direct_write' || world.request !== null;
        const to = direct ? end : Math.min(end, event.isize);
        if (!(to <= size.known) && size.raised.length < MOST_RAISES) size.raised.push({ to, by: event });
      },
      xfsExtent: printed,
      ...shrinking.heard(world),
    };
  },
};
