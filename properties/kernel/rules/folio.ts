/**
 * Folios (mapping.md section 0): a folio is a power of two of pages, naturally aligned, and on XFS with blocks larger than
 * a page it holds whole blocks. In writeback its length may be cut at the end of the file.
 */
import type { CacheEvent, RangeEvent } from '../../../model/contract/kernel-event.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';

const PAGE = 4096;

export const folio: KernelRule = {
  id: 'K-FOLIO',
  sentence: 'A folio is naturally aligned, and no smaller than a block.',
  sources: ['PC-01', 'WB-27', 'mapping.md 0'],
  exercised: 'an event named a folio',
  lines: 1,
  watch(world, judge) {
    const ranged = (event: RangeEvent): undefined => {
      const { offset, length, size } = event;
      const power = 2 ** Math.round(Math.log2(length));
      if (length === power && length >= PAGE && offset % length === 0) return judge.held();
      if (offset + length === size && offset % PAGE === 0 && event.kind === 'writebackFolio') return judge.held();
      return judge.broken(event, `[${hex(offset)}, +${hex(length)}) is no folio`);
    };
    const cached = (event: CacheEvent): undefined => {
      const size = PAGE * 2 ** event.order;
      if (event.offset % size !== 0)
        return judge.broken(event, `order ${event.order} at ${hex(event.offset)} is not naturally aligned`);
      const { fs, blockSize } = world.device;
      if (fs === 'xfs' && blockSize > size)
        return judge.broken(event, `${size} bytes hold no whole block of ${blockSize}`);
      return judge.held();
    };
    return { writebackFolio: ranged, releaseFolio: ranged, cacheAdd: cached, cacheDelete: cached };
  },
};
