/**
 * XFS announces its calls with position and count; the operation that follows in the same task works on just that range:
 * a buffered write, a direct request, the zeroing between the old end of the file and a new one.
 */
import type { KernelEvent, XfsFileEvent } from '../../../model/contract/kernel-event.js';
import { OpFlag } from '../../../model/contract/op-flags.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';

export const call: KernelRule = {
  id: 'K-CALL',
  sentence: 'An operation works on the range that its call announced (XFS).',
  sources: ['PC-30', 'DIO-01', 'FS-X7', 'FS-X9'],
  exercised: 'an operation followed an announced call',
  lines: 2,
  watch(world, judge) {
    const compare = (said: XfsFileEvent | null, event: KernelEvent, pos: number, length: number): undefined => {
      if (said === null || said.ino !== event.ino || said.dev !== event.dev) return;
      if (pos !== said.pos) return judge.broken(event, `the call was for ${hex(said.pos)}`, said);
      if (length > 0 && length !== said.count)
        return judge.broken(event, `the call was for ${hex(said.count)} bytes`, said);
      return judge.held();
    };
    return {
      iter(event) {
        const { step, task, device } = world;
        if (step?.is !== 'first' || device.fs !== 'xfs') return;
        if (event.caller === 'iomap_file_buffered_write' && (event.flags & OpFlag.WRITE) !== 0) {
          if (task.call === null || task.call.name === 'xfs_file_buffered_write') {
            if (task.call === null && device.showsBegin) {
              // A short write goes round again in the same call.
              return task.ended !== null && task.ended.first.caller === event.caller ? judge.undecided() : undefined;
            }
            return compare(task.call, event, event.pos, event.length);
          }
        }
        if (event.caller === 'iomap_zero_range' && task.zeroEof !== null && task.zeroEof.ino === event.ino) {
          const said = task.zeroEof;
          // A dirty first page is zeroed by an iteration of its own (PC-77).
          if (event.pos === said.pos && event.length <= said.count) return judge.held();
          return compare(said, event, event.pos, event.length);
        }
        return undefined;
      },
      dioBegin(event) {
        const { call: said } = world.task;
        if (said === null || !said.name.startsWith('xfs_file_direct_')) return;
        return compare(said, event, event.offset, event.length);
      },
    };
  },
};
