/**
 * DIO-41, DIO-43, INV-42, INV-43: before a successful direct write delivers its result, what it wrote is made reachable:
 * unwritten blocks are converted, copy-on-write blocks remapped, for exactly the range that was written. Shown by XFS, in
 * the task that completes the request.
 */
import type { XfsFileEvent } from '../../../model/contract/kernel-event.js';
import type { KernelRule } from '../rule.js';
import { bytes, hex } from '../text.js';

export const directConvert: KernelRule = {
  id: 'K-DIO-CONVERT',
  sentence: 'A direct write converts and remaps exactly what it wrote before it completes.',
  sources: ['DIO-41', 'DIO-42', 'DIO-43', 'INV-42', 'INV-43'],
  exercised: 'a direct write on XFS completed',
  lines: 3,
  watch(world, judge) {
    const covers = (e: XfsFileEvent, pos: number, count: number): boolean => e.pos === pos && e.count === count;
    return {
      xfsFile(event) {
        const { request } = world;
        if (request === null) return;
        const { begin } = request;
        const refuse = (why: string): undefined => judge.broken(event, why, begin, request.lastMapping, request.endIo);
        if (event.name === 'xfs_end_io_direct_write') {
          // An error leaves less than was submitted; more is impossible.
          if (event.count > request.progress && request.progress > 0 && world.task.direct === null) {
            return refuse(`${bytes(event.count)} ended, where ${bytes(request.progress)} were submitted`);
          }
          return;
        }
        const { endIo } = request;
        if (endIo === null) return;
        const twice = event.name === 'xfs_unwritten_convert' ? request.converted : request.remapped;
        if (twice !== null) return refuse('it was done before');
        if (covers(event, endIo.pos, endIo.count)) return;
        return refuse(
          `[${hex(event.pos)}, +${hex(event.count)}), where the write covers [${hex(endIo.pos)}, +${hex(endIo.count)})`,
        );
      },
      dioComplete(event) {
        const { request, device } = world;
        if (request === null || !request.write || event.ret <= 0 || device.fs !== 'xfs') return;
        if (!device.showsCompletion) return judge.undecided();
        const refuse = (why: string): undefined =>
          judge.broken(event, why, request.begin, request.unwritten ?? request.shared, request.endIo);
        const { endIo, progress } = request;
        if (endIo === null) return refuse('the file system\u2019s part of the completion did not run');
        if (endIo.count !== progress)
          return refuse(`${bytes(endIo.count)} ended, where ${bytes(progress)} were submitted`);
        if (request.unwritten !== null && request.converted === null)
          return refuse('blocks that were unwritten have not been converted');
        if (request.unwritten === null && request.converted !== null)
          return refuse('a conversion, where nothing was unwritten');
        if (request.shared !== null && request.remapped === null)
          return refuse('copy-on-write blocks have not been remapped');
        if (request.shared === null && request.remapped !== null)
          return refuse('a remapping, where nothing was shared');
        return judge.held();
      },
    };
  },
};
