/**
 * The cache holds one folio for a page (INV-21, INV-54 for its analogue): none is added where one is, none is taken out
 * or written back where it is known that there is none. What was cached before the recording is not known.
 */
import type { CacheEvent, KernelEvent } from '../../../model/contract/kernel-event.js';
import { OpFlag } from '../../../model/contract/op-flags.js';
import { RangeMap } from '../ranges.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';

const PAGE = 4096;
const MOST_FILES = 1 << 10;
const FILE_SYSTEMS = new Set(['xfs', 'ext4', 'erofs', 'fuse']);

interface Known {
  readonly present: boolean;
  readonly since: CacheEvent;
}

export const cache: KernelRule = {
  id: 'K-CACHE',
  sentence: 'A folio enters the cache where none is, and leaves it or is written back where one is.',
  sources: ['PC-01', 'WB-02', 'INV-24', 'INV-28'],
  exercised: 'a folio entered or left the cache, or was used, and its place was known',
  lines: 2,
  watch(world, judge) {
    const files = new Map<string, RangeMap<Known>>();
    const pages = (event: KernelEvent): RangeMap<Known> => {
      const key = `${event.dev} ${event.ino}`;
      let map = files.get(key);
      if (map === undefined) {
        if (files.size >= MOST_FILES) files.clear();
        files.set(key, (map = new RangeMap()));
      }
      return map;
    };
    /**
     * Inode numbers of btrfs are those of a subvolume, so two files may look like one; there, and while the file system is
     * not known, only the very same page tells.
     */
    const accuse = (event: KernelEvent, message: string, since: CacheEvent): void => {
      const isSamePage = 'pfn' in event && event.pfn >= 0 && event.pfn === since.pfn && event.name === since.name;
      if (isSamePage) judge.broken(event, message, since);
      else
        world.device.withFileSystem(fs => {
          if (FILE_SYSTEMS.has(fs)) judge.broken(event, message, since);
        });
    };
    /** Something uses the folios of `[start, end)`; what was dropped behind line `from` may have been there. */
    const used = (
      event: KernelEvent,
      start: number,
      end: number,
      what: string,
      from = Number.POSITIVE_INFINITY,
    ): undefined => {
      const map = files.get(`${event.dev} ${event.ino}`);
      if (map === undefined) return;
      const ranges = map.overlapping(start, end);
      const gone = ranges.find(range => !range.value.present && range.value.since.line < from);
      if (gone !== undefined) {
        accuse(event, `${what}, and there is none at ${hex(Math.max(start, gone.start))}`, gone.value.since);
      } else if (ranges.length > 0) judge.held();
    };
    return {
      cacheAdd(event) {
        const map = pages(event);
        const end = event.offset + PAGE * 2 ** event.order;
        const there = map.overlapping(event.offset, end).find(range => range.value.present);
        if (there !== undefined)
          accuse(event, `a folio is there since line ${there.value.since.line}`, there.value.since);
        else judge.held();
        map.set(event.offset, end, { present: true, since: event });
      },
      cacheDelete(event) {
        const map = pages(event);
        const end = event.offset + PAGE * 2 ** event.order;
        used(event, event.offset, end, 'a folio leaves the cache');
        map.set(event.offset, end, { present: false, since: event });
      },
      writebackFolio(event) {
        return used(event, event.offset, event.offset + event.length, 'writeback takes a folio');
      },
      releaseFolio(event) {
        return used(event, event.offset, event.offset + event.length, 'a folio is given up');
      },
      invalidateFolio(event) {
        return used(event, event.offset, event.offset + event.length, 'a folio is cut');
      },
      iter(event) {
        const { step } = world;
        if (step?.is !== 'next' || step.advanced <= 0) return undefined;
        // What a buffered write stored is dirty, so its folios cannot have been dropped since.
        const { flags } = step.iteration.first;
        if (flags !== OpFlag.WRITE) return undefined;
        return used(
          event,
          step.iteration.pos,
          event.pos,
          'a buffered write stored into a folio',
          step.iteration.mapping?.line,
        );
      },
    };
  },
};
