import { EFBIG, EINVAL, LARGEST_FILE } from '../../../model/contract/index.js';
import { changeSize } from '../layout/size.js';
import { lockAll, unlockAll } from '../locking.js';
import { fail, type Operation } from './operation.js';

/** ftruncate. */
export const truncate: Operation = function* (call, fs, context, answer) {
  if (call.size < 0) return fail(answer, EINVAL);
  if (call.size > LARGEST_FILE) return fail(answer, EFBIG);
  const inode = fs.inode(call.file);
  const waiting = lockAll(inode, context.task);
  if (waiting !== null) yield* waiting;
  answer.error = yield* changeSize(context, inode, call.size);
  unlockAll(inode, context.task);
  return answer;
};
