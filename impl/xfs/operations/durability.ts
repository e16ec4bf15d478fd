/** fsync, fdatasync, sync_file_range and sync. */
import { EINVAL } from '../../../model/contract/index.js';
import { fileWriteAndWait, waitForWriteback, writePages } from '../../library/index.js';
import { dataSyncFile, makeDurable, syncFile } from '../sync.js';
import { fail, type Operation } from './operation.js';

export const fsync: Operation = function* (call, fs, context, answer) {
  return fail(answer, yield* syncFile(context, fs.inode(call.file), 0, Infinity));
};

/** Without the time stamps (CR-21). */
export const fdatasync: Operation = function* (call, fs, context, answer) {
  return fail(answer, yield* dataSyncFile(context, fs.inode(call.file), 0, Infinity));
};

/** Wait, write, wait: no metadata, no cache flush (CR-24). Length 0 reaches to the end of any file. */
export const syncRange: Operation = function* (call, fs, context, answer) {
  if (call.offset < 0 || call.length < 0) return fail(answer, EINVAL);
  const inode = fs.inode(call.file);
  const end = call.length === 0 ? Infinity : call.offset + call.length;
  const written = fileWriteAndWait(context, inode, inode.descriptor, call.offset, end);
  return fail(answer, typeof written === 'number' ? written : yield* written);
};

/** Reports nothing and consumes no error: those stay for the descriptors. */
export const sync: Operation = function* (_call, fs, context, answer) {
  for (const inode of fs.inodes) {
    yield* writePages(context, inode, 0, Infinity, true);
    yield* waitForWriteback(context, inode, 0, Infinity);
  }
  yield* makeDurable(context, fs, fs.journal.committed);
  return answer;
};
