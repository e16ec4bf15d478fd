/**
 * WB-53, WB-54, DIO-41, INV-44: the size on disk never exceeds the size in memory and is raised only by what completed:
 * the end of converted or written data, or of a direct write. Shown by XFS, which prints it with most events. While a
 * size operation runs nothing is said.
 */
import type { KernelEvent, XfsExtentEvent, XfsFileEvent } from '../../../model/contract/kernel-event.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';

interface Raise {
  readonly to: number;
  readonly by: KernelEvent;
}

interface Size {
  /** The last size on disk that was printed. */
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
    const printed = (event: XfsFileEvent | XfsExtentEvent): undefined => {
      const { disize: now, dev, ino } = event;
      if (now < 0) return;
      const key = `${dev} ${ino}`;
      if (world.resizing.has(dev, ino)) {
        files.delete(key);
        return judge.undecided();
      }
      const epoch = world.resizing.epoch(dev, ino);
      let size = files.get(key);
      const isize = event.kind === 'xfsFile' ? event.isize : -1;
      if (isize >= 0 && now > isize) {
        return judge.broken(event, `${hex(now)} on disk, ${hex(isize)} in memory`, size?.since);
      }
      if (size === undefined || size.epoch !== epoch) {
        if (files.size >= MOST_FILES) files.clear();
        files.set(key, (size = { known: now, since: event, raised: [], epoch }));
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
      return judge.broken(event, `${hex(now)} on disk, ${why}`, since, raised.at(-1)?.by);
    };
    return {
      xfsFile(event) {
        printed(event);
        const size = files.get(`${event.dev} ${event.ino}`);
        if (size === undefined || !RAISES.has(event.name)) return;
        const end = event.pos + event.count;
        // A direct write raises the size in memory first, writeback never does (WB-53).
        const direct = event.name === 'xfs_end_io_direct_write' || world.request !== null;
        const to = direct ? end : Math.min(end, event.isize);
        if (to > size.known && size.raised.length < MOST_RAISES) size.raised.push({ to, by: event });
      },
      xfsExtent: printed,
    };
  },
};
