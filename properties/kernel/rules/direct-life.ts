/**
 * INV-50, DIO-09, DIO-40, DIO-41: a request that asked for a mapping completes once, and its completion belongs to a
 * request that asked. A start that never asked (a read at the end of the file, cache that could not be dropped, NOWAIT)
 * returns without. The text shows a lost completion when the request\u2019s task goes on to its next call, and at a marker
 * between steps.
 */
import type { DirectBeginEvent, KernelEvent } from '../../../model/contract/kernel-event.js';
import type { DirectRequest } from '../direct.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';

/** Where a start without a mapping is known to mean nothing to read. */
const FILE_SYSTEMS = new Set(['xfs', 'ext4', 'erofs']);

const MOST_SILENT = 1 << 10;

export const directLife: KernelRule = {
  id: 'K-DIO-LIFE',
  sentence: 'A direct request that asked for a mapping completes exactly once.',
  sources: ['DIO-09', 'DIO-40', 'DIO-41', 'INV-50'],
  exercised: 'a direct request completed, or should have',
  lines: 2,
  watch(world, judge) {
    /** Requests that did not ask, each with the event that shows it. It is said at the end, of devices that did not fail. */
    const silent: { readonly event: KernelEvent; readonly begin: DirectBeginEvent }[] = [];
    const owed = (event: KernelEvent): undefined => {
      const { direct } = world.task;
      if (direct === null || direct.begin.line === event.line) return;
      world.task.direct = null;
      if (direct.completed) return;
      if (direct.iterated) return lost(event, direct);
      if (mayReturn(direct) || !FILE_SYSTEMS.has(world.device.fs)) return forget(direct);
      // What was to be written back first may have failed (DIO-03), of which there is no event.
      if (silent.length < MOST_SILENT) silent.push({ event, begin: direct.begin });
      else judge.undecided();
      return forget(direct);
    };
    const lost = (event: KernelEvent, request: DirectRequest): undefined => {
      const { begin } = request;
      judge.broken(
        event,
        `the direct ${request.write ? 'write' : 'read'} of inode ${hex(begin.ino)} at ${hex(begin.offset)} has not ${begin.aio ? 'been queued or ' : ''}completed`,
        begin,
        request.lastMapping,
        request.endIo,
      );
      forget(request);
    };
    const forget = (request: DirectRequest): undefined => {
      for (const file of world.busy) {
        const at = file.requests.indexOf(request);
        if (at < 0) continue;
        file.requests.splice(at, 1);
        if (file.requests.length === 0) world.busy.delete(file);
        break;
      }
    };
    /** A start that may fail before anything is mapped, without a sign. */
    const mayReturn = ({ begin, refused }: DirectRequest): boolean =>
      refused ||
      begin.offset >= begin.size ||
      begin.requestFlags.includes('NOWAIT') ||
      begin.dioFlags.includes('OVERWRITE_ONLY');
    return {
      invalidateFail() {
        const { direct } = world.task;
        if (direct !== null) direct.refused = true;
        return undefined;
      },
      dioBegin(event) {
        return owed(event);
      },
      iter(event) {
        // A fault may read or make writable a page of the buffer; anything else is the next call.
        if (world.step?.is === 'first' && event.caller !== '__iomap_dio_rw' && world.task.open.length === 0) {
          const fault = event.caller.startsWith('iomap_read') || event.caller === 'iomap_page_mkwrite';
          if (!fault) return owed(event);
        }
        return undefined;
      },
      xfsFile(event) {
        if (event.name.startsWith('xfs_file_')) return owed(event);
        if (event.name === 'xfs_end_io_direct_write' && world.request === null) {
          if (world.unsettled(event)) return judge.undecided();
          return judge.broken(event, `no direct write of inode ${hex(event.ino)} at ${hex(event.pos)} is in flight`);
        }
        return undefined;
      },
      dioQueued(event) {
        const { direct } = world.task;
        if (direct === null) {
          return world.early(event)
            ? judge.undecided()
            : judge.broken(event, `task ${event.task} has no direct request under way`);
        }
        const { begin } = direct;
        if (begin.ino !== event.ino || begin.dev !== event.dev)
          return judge.broken(event, 'the request is for another file', begin);
        if (!begin.aio) return judge.broken(event, 'a synchronous request is waited for', begin);
        if (!direct.iterated) return judge.broken(event, 'nothing was submitted for it', begin);
        if (event.offset !== direct.reached || event.length !== begin.length - direct.progress) {
          return judge.broken(event, `submission stopped at ${hex(direct.reached)}`, begin, direct.lastMapping);
        }
        return judge.held();
      },
      dioComplete(event) {
        const { request } = world;
        if (request !== null) return judge.held();
        if (world.early(event)) return judge.undecided();
        if (event.aio && world.unsettled(event)) {
          return judge.undecided();
        }
        return judge.broken(
          event,
          `no direct request of inode ${hex(event.ino)} that ends at ${hex(event.offset)} is under way`,
          ...world.file.requests.slice(0, 3).map(r => r.begin),
        );
      },
      atEnd() {
        for (const { event, begin } of silent) {
          if (world.devices.get(begin.dev)?.isFaulty !== false) judge.undecided();
          else judge.broken(event, 'the direct request before did not ask for a mapping', begin);
        }
      },
      atBarrier(event) {
        for (const file of [...world.busy]) {
          for (const request of [...file.requests]) {
            if (request.iterated && !request.begin.comm.startsWith('kworker')) lost(event, request);
            else forget(request);
          }
        }
      },
    };
  },
};
