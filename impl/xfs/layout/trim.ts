/**
 * Space that nothing needs: preallocation behind the end, and copy-on-write space without dirty data (FS-X11). Freed by
 * close, by background trimming, by operations that shift extents, and when space is short (FS-X8).
 */
import type { Steps } from '../../../model/contract/index.js';
import { type Context, waitForWriteback, writePages } from '../../library/index.js';
import { EXCLUSIVE } from '../../sync/index.js';
import type { XfsFileSystem } from '../file-system.js';
import type { XfsInode } from '../inode.js';
import { punchDelayed, unmapBlocks } from '../map/change.js';
import { cancelCow } from '../map/cow.js';
import { firstBehindEnd } from './size.js';

/** Frees what lies behind the end: everything, or only delayed blocks where space that was `asked` for is to stay. */
export function freeBehindEnd(context: Context, inode: XfsInode, asked = inode.preallocated): void {
  const { data, fs } = inode;
  const first = firstBehindEnd(inode);
  const index = data.find(first);
  if (index === data.count) return;
  if (asked) {
    inode.lockMap(context.task, EXCLUSIVE);
    punchDelayed(inode, data, first, Infinity);
    inode.unlockMap(context.task);
    return;
  }
  const transaction = fs.begin(context.task);
  inode.lockMap(context.task, EXCLUSIVE);
  unmapBlocks(inode, data, first, Infinity, transaction);
  fs.commit(transaction, inode, context.task);
  inode.unlockMap(context.task);
}

/** Trims one file if nobody is at work on it (L1 and L3 can be had, the file is clean). */
export function trimIdle(context: Context, inode: XfsInode): void {
  const { task } = context;
  if (!inode.rwsem.tryOnly(task, EXCLUSIVE)) return;
  if (inode.invalidateLock.tryOnly(task, EXCLUSIVE)) {
    if (inode.cache.dirtyCount === 0 && inode.cache.writebackCount === 0 && inode.direct.count === 0) {
      freeBehindEnd(context, inode);
      cancelCow(inode, 0, Infinity, context);
    }
    inode.invalidateLock.release(task);
  }
  inode.rwsem.release(task);
}

/** FS-X8: writes everything back and trims every file. The caller holds no lock. */
export function* makeRoom(context: Context, fs: XfsFileSystem): Steps<void> {
  for (const inode of fs.inodes) {
    if (inode.cache.dirtyCount === 0 && inode.cache.writebackCount === 0) continue;
    yield* writePages(context, inode, 0, Infinity, true);
    yield* waitForWriteback(context, inode, 0, Infinity);
  }
  for (const inode of fs.inodes) trimIdle(context, inode);
}
