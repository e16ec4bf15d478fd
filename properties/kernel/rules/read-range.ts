/**
 * Reading through the cache announces its pages, then asks for mappings of just these: one iteration for an announcement,
 * as long as the announced pages are. The size of a page is what the recording's announcements agree on.
 */
import type { KernelRule } from '../rule.js';
import { bytes } from '../text.js';

const PAGES = new Set([4096, 16384, 65536]);

export const readRange: KernelRule = {
  id: 'K-READ',
  sentence: 'A read through the cache is announced, and covers the pages that were announced.',
  sources: ['PC-20', 'PC-28', 'MAP-36'],
  exercised: 'a read through the cache began',
  lines: 2,
  watch(world, judge) {
    /** Size of a page, once a read showed it. */
    let known = 0;
    return {
      iter(event) {
        const { step, task } = world;
        if (
          step === null ||
          step.is === 'next' ||
          (event.caller !== 'iomap_readahead' && event.caller !== 'iomap_read_folio')
        )
          return;
        const said = task.read;
        const ahead = event.caller === 'iomap_readahead';
        if (
          said === null ||
          said.ino !== event.ino ||
          said.dev !== event.dev ||
          (said.name === 'iomap_readahead') !== ahead
        ) {
          if (world.early(event)) return judge.undecided();
          return judge.broken(
            event,
            `${ahead ? 'iomap_readahead' : 'iomap_readpage'} did not announce it`,
            said,
            ...(task.ended?.recent.slice(-1) ?? []),
          );
        }
        if (!ahead || event.pos === 0) return judge.held();
        const page = event.length / said.pages;
        if (!PAGES.has(page) || (known !== 0 && page !== known)) {
          return judge.broken(event, `${said.pages} pages were announced, not ${bytes(event.length)}`, said);
        }
        known = page;
        return judge.held();
      },
      read(event) {
        if (event.pages <= 0) return judge.broken(event, 'no page is read');
        const before = world.task.read;
        // An announcement that nobody answers: its iteration is missing.
        if (before !== null) return judge.broken(event, 'the read announced before did not ask for a mapping', before);
        return undefined;
      },
    };
  },
};
