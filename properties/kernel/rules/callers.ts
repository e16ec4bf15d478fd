/**
 * Each library function passes its own operation flags (mapping.md 1.3, second table), and no flag stands without the one
 * it modifies. Functions that are not in the list are not judged.
 */

import { OpFlag, opFlagNames } from '../../../model/contract/op-flags.js';
import type { KernelRule } from '../rule.js';

const { WRITE, ZERO, REPORT, FAULT, DIRECT, NOWAIT, OVERWRITE_ONLY, UNSHARE, DAX, ATOMIC, DONTCACHE } = OpFlag;

interface Passes {
  readonly always: number;
  readonly maybe: number;
}

const CALLERS: Readonly<Record<string, Passes>> = {
  iomap_file_buffered_write: { always: WRITE, maybe: NOWAIT | DONTCACHE },
  iomap_page_mkwrite: { always: WRITE | FAULT, maybe: 0 },
  iomap_zero_range: { always: ZERO, maybe: 0 },
  iomap_truncate_page: { always: ZERO, maybe: 0 },
  iomap_file_unshare: { always: WRITE | UNSHARE, maybe: 0 },
  __iomap_dio_rw: { always: DIRECT, maybe: WRITE | NOWAIT | OVERWRITE_ONLY | ATOMIC },
  iomap_seek_data: { always: REPORT, maybe: 0 },
  iomap_seek_hole: { always: REPORT, maybe: 0 },
  iomap_fiemap: { always: REPORT, maybe: 0 },
  iomap_bmap: { always: REPORT, maybe: 0 },
  iomap_swapfile_activate: { always: REPORT, maybe: 0 },
  iomap_read_folio: { always: 0, maybe: 0 },
  iomap_readahead: { always: 0, maybe: 0 },
  dax_iomap_rw: { always: DAX, maybe: WRITE | NOWAIT },
  dax_iomap_pte_fault: { always: DAX | FAULT, maybe: WRITE },
  dax_iomap_pmd_fault: { always: DAX | FAULT, maybe: WRITE },
  dax_zero_range: { always: DAX | ZERO, maybe: 0 },
  dax_file_unshare: { always: DAX | WRITE | UNSHARE, maybe: 0 },
};

/** A flag, and what must stand beside it. */
const NEEDS: readonly (readonly [number, number])[] = [
  [OVERWRITE_ONLY, DIRECT | WRITE],
  [ATOMIC, DIRECT | WRITE],
  [UNSHARE, WRITE],
  [DONTCACHE, WRITE],
];
/** Flags that name different operations. */
const EXCLUDE: readonly number[] = [
  WRITE | ZERO,
  WRITE | REPORT,
  ZERO | REPORT,
  REPORT | DIRECT,
  ZERO | DIRECT,
  FAULT | DIRECT,
  UNSHARE | DIRECT,
];

const show = (flags: number): string => opFlagNames(flags).join('|') || 'no flags';

export const callers: KernelRule = {
  id: 'K-CALLER',
  sentence: 'An operation passes the flags that belong to it, and no flag without the one it modifies.',
  sources: ['MAP-30', 'MAP-31', 'MAP-32', 'MAP-34', 'DIO-04', 'DIO-07'],
  exercised: 'a known library function entered an iteration step',
  lines: 1,
  watch(_world, judge) {
    return {
      iter(event) {
        const { flags, caller, unknown } = event;
        for (const [flag, needed] of NEEDS) {
          if ((flags & flag) !== 0 && (flags & needed) !== needed) {
            return judge.broken(event, `${show(flag)} without ${show(needed)}`);
          }
        }
        for (const pair of EXCLUDE) if ((flags & pair) === pair) return judge.broken(event, `${show(pair)} together`);
        const passes = CALLERS[caller];
        if (passes === undefined || unknown !== 0) return judge.undecided();
        if ((flags & passes.always) !== passes.always || (flags & ~(passes.always | passes.maybe)) !== 0) {
          return judge.broken(
            event,
            `${caller} passes ${show(passes.always)}${passes.maybe === 0 ? '' : `, with ${show(passes.maybe)} at most`}, not ${show(flags)}`,
          );
        }
        return judge.held();
      },
    };
  },
};
