/** Taking and dropping L1 and L3 of one or two files, in the order of LK-01 and LK-02; files by number. */
import type { Steps, Task } from '../../model/contract/index.js';
import { acquire, EXCLUSIVE, type RwSemaphore, SHARED } from '../sync/index.js';
import type { XfsInode } from './inode.js';

export function* lockShared(inode: XfsInode, task: Task): Steps<void> {
  if (!inode.rwsem.tryAcquire(task, SHARED)) yield* acquire(inode.rwsem, task, SHARED);
}

/**
 * L1 and L3 exclusive: nobody reads, writes, faults or maps. Null when both are held, else the steps that wait for them:
 * `const waiting = lockAll(…); if (waiting !== null) yield* waiting;`
 */
export function lockAll(inode: XfsInode, task: Task): Steps<void> | null {
  if (!inode.rwsem.tryAcquire(task, EXCLUSIVE)) return waitForBoth(inode, task);
  return inode.invalidateLock.tryAcquire(task, EXCLUSIVE) ? null : acquire(inode.invalidateLock, task, EXCLUSIVE);
}

function* waitForBoth(inode: XfsInode, task: Task): Steps<void> {
  yield* acquire(inode.rwsem, task, EXCLUSIVE);
  if (!inode.invalidateLock.tryAcquire(task, EXCLUSIVE)) yield* acquire(inode.invalidateLock, task, EXCLUSIVE);
}

export function unlockAll(inode: XfsInode, task: Task): void {
  inode.invalidateLock.release(task);
  inode.rwsem.release(task);
}

/** L1 of both files, then L3 of both; null or steps as above. */
export function lockTwo(one: XfsInode, other: XfsInode, task: Task): Steps<void> | null {
  if (one === other) return lockAll(one, task);
  const [low, high] = one.id < other.id ? [one, other] : [other, one];
  const locks = [low.rwsem, high.rwsem, low.invalidateLock, high.invalidateLock];
  for (let i = 0; i < locks.length; i++)
    if (!locks[i]!.tryAcquire(task, EXCLUSIVE)) return waitForEach(locks.slice(i), task);
  return null;
}

function* waitForEach(locks: readonly RwSemaphore[], task: Task): Steps<void> {
  for (const lock of locks) if (!lock.tryAcquire(task, EXCLUSIVE)) yield* acquire(lock, task, EXCLUSIVE);
}

export function unlockTwo(one: XfsInode, other: XfsInode, task: Task): void {
  unlockAll(one, task);
  if (one !== other) unlockAll(other, task);
}
