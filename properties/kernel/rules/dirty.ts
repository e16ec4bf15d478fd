/**
 * WB-02, WB-03, INV-22, INV-28: a folio that writeback took is clean until something stores into it again, and a store
 * shows as an iteration of a write, a write fault, zeroing or unsharing over it. So none is taken twice without one.
 */
import type { RangeEvent } from '../../../model/contract/kernel-event.js';
import { OpFlag } from '../../../model/contract/op-flags.js';
import { RangeMap } from '../ranges.js';
import type { KernelRule } from '../rule.js';

const STORES = OpFlag.WRITE | OpFlag.ZERO;
const MOST_FILES = 1 << 10;

export const dirty: KernelRule = {
  id: 'K-DIRTY',
  sentence: 'Writeback takes a folio again only after something was stored into it.',
  sources: ['WB-02', 'WB-03', 'WB-10', 'INV-22', 'INV-24', 'INV-28'],
  exercised: 'writeback took a folio',
  lines: 2,
  watch(world, judge) {
    /** Per file, the ranges that were taken and not stored into since. */
    const clean = new Map<string, RangeMap<RangeEvent>>();
    const storing = (dev: string, ino: number): boolean => {
      for (const task of world.tasks) {
        for (const { first } of task.open) {
          if (first.ino === ino && first.dev === dev && (first.flags & STORES) !== 0) return true;
        }
      }
      return false;
    };
    return {
      writebackFolio(event) {
        // Elsewhere a store through a mapping need not pass the library (FUSE).
        if (world.device.fs !== 'xfs') return;
        const key = `${event.dev} ${event.ino}`;
        let ranges = clean.get(key);
        if (ranges === undefined) {
          if (clean.size >= MOST_FILES) clean.clear();
          clean.set(key, (ranges = new RangeMap()));
        }
        const end = event.offset + event.length;
        if (!ranges.covers(event.offset, end)) judge.held();
        else if (storing(event.dev, event.ino)) judge.undecided();
        else
          judge.broken(
            event,
            'the folio was taken before, and nothing was stored into it since',
            ranges.at(event.offset)?.value,
          );
        ranges.set(event.offset, end, event);
      },
      iter(event) {
        const { step } = world;
        if (step?.is !== 'next' || (event.flags & STORES) === 0 || (event.flags & OpFlag.DIRECT) !== 0) return;
        const end = step.iteration.end;
        clean
          .get(`${event.dev} ${event.ino}`)
          ?.delete(step.iteration.pos, Math.max(event.pos, Math.min(end, event.pos + event.length)));
      },
      cacheDelete(event) {
        clean.get(`${event.dev} ${event.ino}`)?.delete(event.offset, event.offset + 4096 * 2 ** event.order);
      },
      xfsFile(event) {
        // Zeroing at the end of the file dirties the block that holds it.
        if (event.name === 'xfs_zero_eof') clean.get(`${event.dev} ${event.ino}`)?.clear();
      },
    };
  },
};
