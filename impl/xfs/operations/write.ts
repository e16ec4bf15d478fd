import {
  type Bytes,
  CallFlag,
  EAGAIN,
  EFBIG,
  EINVAL,
  ENOSPC,
  LARGEST_FILE,
  OpFlag,
  type Steps,
} from '../../../model/contract/index.js';
import { bufferedWrite, type Context, sourceOf, type WriteSource } from '../../library/index.js';
import { acquire, EXCLUSIVE } from '../../sync/index.js';
import type { XfsInode } from '../inode.js';
import { settleTail, zeroBehindEnd } from '../layout/size.js';
import { makeRoom } from '../layout/trim.js';
import { xfsOps } from '../map/ops.js';
import { dataSyncFile, syncFile } from '../sync.js';
import { fail, type Operation, settle } from './operation.js';

/** pwrite through the page cache. */
export const write: Operation = function* (call, fs, context, answer) {
  if (call.offset < 0) return fail(answer, EINVAL);
  if (call.length === 0) return answer;
  if (call.offset >= LARGEST_FILE) return fail(answer, EFBIG);
  const inode = fs.inode(call.file);
  const source = sourceOf(call, Math.min(call.length, LARGEST_FILE - call.offset));
  const nowait = (call.flags & CallFlag.NOWAIT) !== 0;
  let result = yield* writeThroughCache(context, inode, call.offset, source, nowait);
  if (result > 0 && (call.flags & (CallFlag.DSYNC | CallFlag.SYNC)) !== 0) {
    const sync = (call.flags & CallFlag.SYNC) !== 0 ? syncFile : dataSyncFile;
    const error = yield* sync(context, inode, call.offset, call.offset + result);
    if (error !== 0) result = error;
  }
  return settle(answer, result);
};

/** Bytes written or errno. When space is short, makes room and tries once more (FS-X8). */
export function* writeThroughCache(
  context: Context,
  inode: XfsInode,
  pos: Bytes,
  source: WriteSource,
  nowait: boolean,
): Steps<number> {
  const { rwsem } = inode;
  for (let again = false; ; again = true) {
    if (!rwsem.tryAcquire(context.task, EXCLUSIVE)) {
      if (nowait) return EAGAIN;
      yield* acquire(rwsem, context.task, EXCLUSIVE);
    }
    let result = 0;
    if (pos > inode.isize) result = nowait ? EAGAIN : yield* zeroBehindEnd(context, inode, pos);
    else if (inode.unknownTail && pos + source.length > inode.isize)
      result = nowait ? EAGAIN : yield* settleTail(context, inode);
    if (result === 0) result = yield* bufferedWrite(context, inode, xfsOps, pos, source, nowait ? OpFlag.NOWAIT : 0);
    rwsem.release(context.task);
    if (result > 0) inode.timesChanged = true;
    if (result !== ENOSPC || nowait || again) return result;
    yield* makeRoom(context, inode.fs);
  }
}
