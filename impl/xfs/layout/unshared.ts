/** After unsharing: a file that shares nothing any more loses its reflink flag, and with it its copy-on-write space. */
import { Fork } from '../../../model/contract/index.js';
import type { Context } from '../../library/index.js';
import type { XfsInode } from '../inode.js';
import { cancelCow } from '../map/cow.js';

export function unshared(context: Context, inode: XfsInode): void {
  const { data } = inode;
  // Dirty cache may stand on copy-on-write space; without the flag nobody would look for it there.
  if (inode.cache.dirtyCount > 0 || inode.cache.writebackCount > 0) return;
  for (let i = 0; i < data.count; i++) {
    if (data.state(i) !== Fork.written) continue;
    const blocks = data.end(i) - data.first(i);
    const { space } = inode.fs;
    if (space.isShared(data.block(i)) || space.sharedRun(data.block(i), blocks) < blocks) return;
  }
  cancelCow(inode, 0, Infinity, context);
  const transaction = inode.fs.begin(context.task);
  inode.reflinked = false;
  inode.fs.commit(transaction, inode, context.task);
}
