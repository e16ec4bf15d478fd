import { CallFlag, EFAULT, EFBIG, EINVAL, LARGEST_FILE, roundDown, roundUp } from '../../../model/contract/index.js';
import { mapStore, sourceOf } from '../../library/index.js';
import { changeSize } from '../layout/size.js';
import { lockAll, unlockAll } from '../locking.js';
import { xfsOps } from '../map/ops.js';
import { dataSyncFile } from '../sync.js';
import { fail, type Operation, settle } from './operation.js';

/** Stores through a shared mapping, after ftruncate where asked for, and with msync where asked for. */
export const mapwrite: Operation = function* (call, fs, context, answer) {
  const { task } = context;
  const { pageSize } = context.geometry;
  if (call.offset < 0) return fail(answer, EINVAL);
  if (call.length === 0) return answer;
  const end = call.offset + call.length;
  const inode = fs.inode(call.file);
  if ((call.flags & CallFlag.GROW) !== 0 && end > inode.isize) {
    if (end > LARGEST_FILE) return fail(answer, EFBIG);
    const waiting = lockAll(inode, task);
    if (waiting !== null) yield* waiting;
    const error = end > inode.isize ? yield* changeSize(context, inode, end) : 0;
    unlockAll(inode, task);
    if (error !== 0) return fail(answer, error);
  }
  // Without BEYOND the stores stop at the end; with it they may scribble to the end of the page that holds it.
  const beyond = (call.flags & CallFlag.BEYOND) !== 0;
  const limit = beyond ? roundUp(inode.isize, pageSize) : inode.isize;
  const available = limit - call.offset;
  if (available <= 0) return fail(answer, EFAULT);
  const stored = yield* mapStore(context, inode, xfsOps, sourceOf(call, Math.min(call.length, available)), beyond);
  if (stored > 0) inode.timesChanged = true;
  if (stored > 0 && (call.flags & CallFlag.MSYNC) !== 0) {
    const error = yield* dataSyncFile(context, inode, roundDown(call.offset, pageSize), roundUp(end, pageSize));
    if (error !== 0) return fail(answer, error);
  }
  return settle(answer, stored);
};
