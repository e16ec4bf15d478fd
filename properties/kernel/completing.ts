/** Which of a file's direct requests an event of completion belongs to. The text does not say; positions and tasks tell. */
import type { DirectCompleteEvent, XfsFileEvent } from '../../model/contract/kernel-event.js';
import type { DirectRequest } from './direct.js';
import type { Task, Tasks } from './task.js';

type Requests = readonly DirectRequest[];

/** The request that `xfs_end_io_direct_write`, or what follows it in the same task, works for. */
export function endingRequest(requests: Requests, event: XfsFileEvent, task: Task, tasks: Tasks): DirectRequest | null {
  if (requests.length === 0) return null;
  if (event.name === 'xfs_end_io_direct_write') {
    // The task waits for its own request; of those that are left to themselves, the one of that length, if any.
    const fits = (r: DirectRequest): boolean =>
      r.endIo === null && r.iterated && r.write && r.begin.offset === event.pos;
    const { direct } = task;
    if (direct !== null && requests.includes(direct) && fits(direct)) return direct;
    const own = requests.find(r => fits(r) && r.begin.task === event.task && !r.begin.aio);
    if (own !== undefined) return own;
    const left = requests.filter(r => fits(r) && r.begin.aio && !tasks.isSubmitting(r));
    return left.find(r => r.progress === event.count) ?? left[0] ?? null;
  }
  if (event.name !== 'xfs_unwritten_convert' && event.name !== 'xfs_reflink_end_cow') return null;
  return requests.find(r => r.endIo !== null && r.endIo.task === event.task && r.begin.offset === event.pos) ?? null;
}

/** The request that a completion finishes: its position tells, a synchronous one also its task. */
export function completedRequest(requests: Requests, event: DirectCompleteEvent, tasks: Tasks): DirectRequest | null {
  // A write that was done and could not be made durable returns the error, from the position behind it (DIO-44).
  const isUnsynced = event.ret < 0 && event.error === 0 && isSynced(event);
  const isMoved = (r: DirectRequest): boolean =>
    isUnsynced && r.progress > 0 && r.begin.offset + r.progress === event.offset;
  const fits = (r: DirectRequest): boolean => {
    if (!r.iterated || r.begin.aio !== event.aio) return false;
    if (r.begin.task !== event.task && (!event.aio || tasks.isSubmitting(r))) return false;
    const moved = event.ret > 0 ? event.ret - r.begin.doneBefore : 0;
    return r.begin.offset + moved === event.offset || isMoved(r);
  };
  // Requests of equal ends are told apart by their flags, and by who did the file system's part.
  const rank = (r: DirectRequest): number =>
    (r.begin.requestFlags === event.requestFlags ? 4 : 0) +
    (r.begin.requestFlags.includes('WRITE') === event.requestFlags.includes('WRITE') ? 2 : 0) +
    (isMoved(r) ? 1 : 0) +
    (r.endIo === null ? 0 : r.endIo.task === event.task ? 1 : -8);
  const fitting = requests.filter(fits);
  let best = fitting[0];
  for (const one of fitting) if (best === undefined || rank(one) > rank(best)) best = one;
  return best ?? requests.find(r => r.iterated && !r.begin.aio && !event.aio && r.begin.task === event.task) ?? null;
}

/** The completion ends with a sync of what was written. */
function isSynced({ requestFlags }: DirectCompleteEvent): boolean {
  return /SYNC/.test(requestFlags);
}
