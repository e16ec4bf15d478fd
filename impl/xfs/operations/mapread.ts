import { EFAULT, EINVAL, roundUp } from '../../../model/contract/index.js';
import { bufferOf, mapLoad } from '../../library/index.js';
import { xfsOps } from '../map/ops.js';
import { fail, type Operation, settle } from './operation.js';

/** Loads through a shared mapping, up to the end of the last page; a page behind that is a bus error. */
export const mapread: Operation = function* (call, fs, context, answer) {
  if (call.offset < 0) return fail(answer, EINVAL);
  if (call.length === 0) return answer;
  const inode = fs.inode(call.file);
  const available = roundUp(inode.isize, context.geometry.pageSize) - call.offset;
  if (available <= 0) return fail(answer, EFAULT);
  const length = Math.min(call.length, available);
  const into = bufferOf(call, answer, length);
  return settle(answer, yield* mapLoad(context, inode, xfsOps, call.offset, length, into));
};
