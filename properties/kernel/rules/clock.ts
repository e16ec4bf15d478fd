/**
 * A CPU records its events in the order of time; a snapshot of the buffer is in order of time over all CPUs. (What is
 * read live from `trace_pipe` may not be.)
 */
import type { KernelEvent, KernelEventKind } from '../../../model/contract/kernel-event.js';
import type { KernelRule, KernelWatch } from '../rule.js';

const KINDS: readonly KernelEventKind[] = [
  'iter',
  'dstmap',
  'srcmap',
  'piece',
  'writebackFolio',
  'zeroPiece',
  'releaseFolio',
  'invalidateFolio',
  'invalidateFail',
  'read',
  'dioBegin',
  'dioQueued',
  'dioComplete',
  'cacheAdd',
  'cacheDelete',
  'xfsExtent',
  'xfsInvalid',
  'xfsFile',
  'xfsBlocks',
  'xfsTruncate',
  'ext4Blocks',
  'marker',
  'other',
  'unknown',
];

export const clock: KernelRule = {
  id: 'K-CLOCK',
  sentence: 'Events are in the order of time.',
  sources: ['INV-04'],
  exercised: 'any event',
  lines: 2,
  watch(world, judge) {
    const last: (KernelEvent | undefined)[] = [];
    let latest: KernelEvent | null = null;
    const check = (event: KernelEvent): undefined => {
      const before = world.snapshot ? latest : last[event.cpu];
      if (before && event.time < before.time)
        judge.broken(event, `at ${event.time}, after an event at ${before.time}`, before);
      else judge.held();
      last[event.cpu] = event;
      latest = event;
    };
    return Object.fromEntries(KINDS.map(kind => [kind, check])) as KernelWatch;
  },
};
