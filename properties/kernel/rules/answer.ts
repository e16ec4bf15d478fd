/**
 * A read or a report gets a mapping (MAP-11, MAP-12: there is always something to say, if only HOLE). Begin may fail on a
 * file system that was shut down, so an unanswered question counts only once the device has answered another one after it:
 * the very next one, and sooner than it could have been unmounted and mounted again.
 * Decided where begin of a reader cannot fail otherwise: XFS, ext4, EROFS; not for attributes, not under NOWAIT.
 */
import type { IterEvent } from '../../../model/contract/kernel-event.js';
import { OpFlag } from '../../../model/contract/op-flags.js';
import type { KernelRule } from '../rule.js';
import { describe } from '../text.js';

const FILE_SYSTEMS = new Set(['xfs', 'ext4', 'erofs']);
const MOST_WAITING = 256;
/** Begins with these fail on sound devices as well. */
const MAY_FAIL = OpFlag.NOWAIT | OpFlag.OVERWRITE_ONLY | OpFlag.ATOMIC;
/** Seconds that it takes at least to unmount a file system that was shut down and to mount it again. */
const MOUNT = 0.01;

interface Unanswered {
  readonly asked: IterEvent;
  /** The same task's next step, which shows that nothing was given. */
  readonly next: IterEvent;
}

export const answer: KernelRule = {
  id: 'K-ANSWER',
  sentence: 'A read or report that asks for a mapping gets one.',
  sources: ['MAP-11', 'MAP-12', 'RP-02', 'INV-04'],
  exercised: 'a read or report was given its mapping, or a later one was',
  lines: 2,
  watch(world, judge) {
    /** By device; emptied by its next mapping. */
    const waiting = new Map<string, Unanswered[]>();
    /** Begins of any kind that failed, by device, since the last that did not. */
    const failed = new Map<string, number>();
    return {
      iter(event) {
        const { unanswered, step } = world;
        if (unanswered === null || step?.is === 'next' || step === null) return;
        const { first, recent } = unanswered;
        if (!unanswered.asks) return;
        if ((first.flags & MAY_FAIL) === 0) {
          const count = (failed.get(first.dev) ?? 0) + 1;
          failed.set(first.dev, count);
          const device = world.devices.get(first.dev);
          if (count > 1 && device !== undefined) device.isFaulty = true;
        }
        const reads = (first.flags & ~(OpFlag.REPORT | OpFlag.DIRECT)) === 0;
        if (!reads || !FILE_SYSTEMS.has(world.device.fs) || first.ops.includes('xattr')) return;
        const list = waiting.get(first.dev) ?? [];
        if (list.length >= MOST_WAITING) return judge.undecided();
        const asked = recent.findLast(e => e.kind === 'iter') ?? first;
        list.push({ asked: asked.kind === 'iter' ? asked : first, next: event });
        waiting.set(first.dev, list);
      },
      dstmap(event) {
        if (failed.size > 0) failed.delete(event.dev);
        const list = waiting.get(event.dev);
        if (list === undefined) return judge.held();
        waiting.delete(event.dev);
        const [first] = list;
        if (list.length > 1 || first === undefined || event.time - first.asked.time > MOUNT) {
          world.device.isFaulty = true;
          for (const _one of list) judge.undecided();
          return;
        }
        judge.broken(first.next, `${describe(first.asked)} was given no mapping`, first.asked);
      },
      atBarrier(event) {
        for (const task of world.tasks) {
          const top = task.open.at(-1);
          if (top === undefined || top.holds) continue;
          const reads = (top.first.flags & ~(OpFlag.REPORT | OpFlag.DIRECT)) === 0;
          const { fs } = world.devices.get(top.first.dev)!;
          task.open.pop();
          if (!top.asks || !reads || !FILE_SYSTEMS.has(fs) || top.first.ops.includes('xattr')) continue;
          const list = waiting.get(top.first.dev) ?? [];
          const asked = { ...top.first, line: event.line, text: event.text };
          if (list.length < MOST_WAITING) list.push({ asked: top.first, next: asked });
          waiting.set(top.first.dev, list);
        }
      },
    };
  },
};
