/**
 * A direct request and its iteration belong together (DIO-03, DIO-04, DIO-07): the iteration with DIRECT begins where the
 * request does, for its whole length, with the flags that the request's own flags call for; one iteration for a request.
 */
import { OpFlag } from '../../../model/contract/op-flags.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';

export const directStart: KernelRule = {
  id: 'K-DIO-START',
  sentence: 'A direct iteration starts at the position and with the length and flags of its request.',
  sources: ['DIO-03', 'DIO-04', 'DIO-07', 'INV-50'],
  exercised: 'a direct iteration began',
  lines: 2,
  watch(world, judge) {
    return {
      iter(event) {
        const { step, task } = world;
        if ((event.flags & OpFlag.DIRECT) === 0 || event.caller !== '__iomap_dio_rw' || step === null) return;
        const { direct } = task;
        if (direct === null) {
          if (world.early(event)) judge.undecided();
          else judge.broken(event, `task ${event.task} has no direct request under way`, ...(task.ended?.recent ?? []));
          return;
        }
        const { begin } = direct;
        if (step.is === 'next') return;
        if (begin.ino !== event.ino || begin.dev !== event.dev) {
          return judge.broken(event, `the request is for inode ${hex(begin.ino)}`, begin);
        }
        if (direct.iterated)
          return judge.broken(
            event,
            'a second iteration for one request',
            begin,
            ...step.broken.flatMap(i => i.recent),
          );
        if (event.pos !== begin.offset) return judge.broken(event, `the request starts at ${hex(begin.offset)}`, begin);
        if (event.pos > 0 && event.length !== begin.length)
          return judge.broken(event, `the request is for ${hex(begin.length)} bytes`, begin);
        const only = begin.dioFlags.includes('OVERWRITE_ONLY');
        if (only !== ((event.flags & OpFlag.OVERWRITE_ONLY) !== 0))
          return judge.broken(event, 'OVERWRITE_ONLY differs from the request', begin);
        const nowait = begin.requestFlags.split('|').includes('NOWAIT');
        if (nowait !== ((event.flags & OpFlag.NOWAIT) !== 0))
          return judge.broken(event, 'NOWAIT differs from the request', begin);
        const writes = begin.requestFlags.split('|').includes('WRITE');
        if (writes && (event.flags & OpFlag.WRITE) === 0)
          return judge.broken(event, 'a write request iterates as a read', begin);
        return judge.held();
      },
    };
  },
};
