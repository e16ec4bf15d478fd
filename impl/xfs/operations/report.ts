/** What a file says about itself: seek, fiemap and stat. */
import {
  CallFlag,
  EFBIG,
  EINVAL,
  ENXIO,
  Fork,
  LARGEST_FILE,
  type ReportedExtent,
} from '../../../model/contract/index.js';
import type { ExtentFork } from '../../extents/fork.js';
import { seekData as findData, seekHole as findHole, fiemap as reportExtents } from '../../library/index.js';
import { SHARED } from '../../sync/index.js';
import { lockShared } from '../locking.js';
import { xfsOps } from '../map/ops.js';
import { fail, type Operation, settle } from './operation.js';

/** No lock above the mapping lock is held (SEEK-08). */
export const seekData: Operation = function* (call, fs, context, answer) {
  const inode = fs.inode(call.file);
  if (call.offset < 0 || call.offset >= inode.isize) return fail(answer, ENXIO);
  return settle(answer, yield* findData(context, inode, xfsOps, call.offset));
};

export const seekHole: Operation = function* (call, fs, context, answer) {
  const inode = fs.inode(call.file);
  if (call.offset < 0 || call.offset >= inode.isize) return fail(answer, ENXIO);
  return settle(answer, yield* findHole(context, inode, xfsOps, call.offset));
};

export const fiemap: Operation = function* (call, fs, context, answer) {
  if (call.length === 0) return fail(answer, EINVAL);
  if (call.offset < 0 || call.offset > LARGEST_FILE) return fail(answer, EFBIG);
  const inode = fs.inode(call.file);
  yield* lockShared(inode, context.task);
  const extents: ReportedExtent[] = [];
  const length = Math.min(call.length, LARGEST_FILE - call.offset);
  const sync = (call.flags & CallFlag.FLUSH) !== 0;
  answer.error = yield* reportExtents(context, inode, xfsOps, call.offset, length, sync, Infinity, extents);
  answer.extents = extents;
  inode.rwsem.release(context.task);
  return answer;
};

export const stat: Operation = (call, fs, context, answer) => {
  const inode = fs.inode(call.file);
  inode.lockMap(context.task, SHARED);
  answer.size = inode.isize;
  // Delayed blocks count as if they were there, and so does copy-on-write space.
  const blocks = realBlocks(inode.data) + inode.data.delayed + realBlocks(inode.cow) + inode.cow.delayed;
  answer.blocks512 = (blocks * fs.blockSize) / 512;
  inode.unlockMap(context.task);
  return answer;
};

function realBlocks(fork: ExtentFork): number {
  let blocks = 0;
  for (let i = 0; i < fork.count; i++) if (fork.state(i) !== Fork.delay) blocks += fork.end(i) - fork.first(i);
  return blocks;
}
