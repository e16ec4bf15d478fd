import { CallFlag, EAGAIN, EINVAL } from '../../../model/contract/index.js';
import { bufferedRead, bufferOf } from '../../library/index.js';
import { acquire, SHARED } from '../../sync/index.js';
import { xfsOps } from '../map/ops.js';
import { fail, type Operation, settle } from './operation.js';

/** pread through the page cache, under L1 shared: atomic against writes. */
export const read: Operation = function* (call, fs, context, answer) {
  if (call.offset < 0) return fail(answer, EINVAL);
  if (call.length === 0) return answer;
  const inode = fs.inode(call.file);
  const nowait = (call.flags & CallFlag.NOWAIT) !== 0;
  if (!inode.rwsem.tryAcquire(context.task, SHARED)) {
    if (nowait) return fail(answer, EAGAIN);
    yield* acquire(inode.rwsem, context.task, SHARED);
  }
  const length = Math.max(0, Math.min(call.length, inode.isize - call.offset));
  const into = bufferOf(call, answer, length);
  const count = bufferedRead(context, inode, xfsOps, call.offset, call.length, into, nowait);
  settle(answer, typeof count === 'number' ? count : yield* count);
  inode.rwsem.release(context.task);
  return answer;
};
