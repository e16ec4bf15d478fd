/** mmap, munmap and msync of a lasting mapping of the whole file. */
import { unmapRange } from '../../library/index.js';
import { dataSyncFile } from '../sync.js';
import { fail, type Operation } from './operation.js';

/** Later stores use it: a page once faulted in for writing stays writable until it is written back. */
export const mmap: Operation = (call, fs, _context, answer) => {
  fs.inode(call.file).mappings++;
  return answer;
};

export const munmap: Operation = (call, fs, _context, answer) => {
  const inode = fs.inode(call.file);
  inode.mappings = 0;
  unmapRange(inode, 0, Infinity);
  return answer;
};

/** msync(MS_SYNC) is fdatasync of the pages (CR-24). */
export const msync: Operation = function* (call, fs, context, answer) {
  const inode = fs.inode(call.file);
  return fail(answer, yield* dataSyncFile(context, inode, 0, Infinity));
};
