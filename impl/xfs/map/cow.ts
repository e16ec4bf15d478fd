/**
 * The way out of the copy-on-write fork: remapping what was written into the data fork (FS-X5, WB-52, INV-43), and
 * cancelling what was not (FS-X4, FS-X11).
 */
import { CowFork, Ev, type FileBlock, Fork } from '../../../model/contract/index.js';
import type { JournalTransaction } from '../../journal/transaction.js';
import type { Context } from '../../library/index.js';
import { EXCLUSIVE } from '../../sync/index.js';
import type { XfsInode } from '../inode.js';
import { unmapBlocks } from './change.js';

/**
 * Remaps the first busy extent of [first, end) in one transaction and returns where it ended, or `end` when there was
 * none. Old blocks lose their reference and delayed ones their reservation in the same transaction.
 */
export function remapNext(inode: XfsInode, first: FileBlock, end: FileBlock, context: Context): FileBlock {
  const { cow, fs } = inode;
  let index = cow.find(first);
  while (index < cow.count && cow.first(index) < end && cow.state(index) !== CowFork.busy) index++;
  if (index === cow.count || cow.first(index) >= end) return end;
  const transaction = fs.begin(context.task);
  inode.lockMap(context.task, EXCLUSIVE);
  const to = moveToData(inode, index, first, end, transaction, context);
  fs.commit(transaction, inode, context.task);
  inode.unlockMap(context.task);
  return to;
}

/** Remaps every busy extent of [first, end) in one transaction. */
export function remapWhole(inode: XfsInode, first: FileBlock, end: FileBlock, context: Context): void {
  const { cow, fs } = inode;
  const transaction = fs.begin(context.task);
  inode.lockMap(context.task, EXCLUSIVE);
  for (let index = cow.find(first); index < cow.count && cow.first(index) < end; ) {
    if (cow.state(index) !== CowFork.busy) index++;
    else index = cow.find(moveToData(inode, index, first, end, transaction, context));
  }
  fs.commit(transaction, inode, context.task);
  inode.unlockMap(context.task);
}

/** The part of copy-on-write record `index` in [first, end) becomes the data fork's. Returns its end. */
function moveToData(
  inode: XfsInode,
  index: number,
  first: FileBlock,
  end: FileBlock,
  transaction: JournalTransaction,
  context: Context,
): FileBlock {
  const { cow, data } = inode;
  const from = Math.max(first, cow.first(index));
  const to = Math.min(end, cow.end(index));
  const block = cow.blockAt(index, from);
  unmapBlocks(inode, data, from, to, transaction);
  inode.setExtent(data, from, to, Fork.written, block, transaction);
  inode.setExtent(cow, from, to, CowFork.none, -1);
  context.sink.emit(Ev.remap, inode.id, from, to - from, block);
  return to;
}

/** Frees copy-on-write space of [first, end), real blocks as well as reservations. */
export function cancelCow(inode: XfsInode, first: FileBlock, end: FileBlock, context: Context): void {
  const { cow, fs } = inode;
  const index = cow.find(first);
  if (index === cow.count || cow.first(index) >= end) return;
  const transaction = fs.begin(context.task);
  inode.lockMap(context.task, EXCLUSIVE);
  unmapBlocks(inode, cow, first, end, transaction);
  fs.commit(transaction, inode, context.task);
  inode.unlockMap(context.task);
}

/**
 * After failed writeback of [first, end): the space is given up, but not under a block that was stored to again meanwhile;
 * that one is backed by nothing else, and its space waits, idle, for the next writeback. Nor under a direct write
 * that is on its way there: it would write what is somebody else's by then (INV-41).
 */
export function abandonCow(
  inode: XfsInode,
  first: FileBlock,
  end: FileBlock,
  isDirty: (block: FileBlock) => boolean,
  context: Context,
): void {
  const { cow } = inode;
  const { blockSize } = inode.fs;
  for (let block = first; block < end; block++) {
    if (inode.direct.writes(block * blockSize, (block + 1) * blockSize) > 0) continue;
    if (!isDirty(block)) {
      cancelCow(inode, block, block + 1, context);
      continue;
    }
    const index = cow.find(block);
    if (index === cow.count || cow.first(index) > block || cow.state(index) !== CowFork.busy) continue;
    inode.lockMap(context.task, EXCLUSIVE);
    inode.setExtent(cow, block, block + 1, CowFork.real, cow.blockAt(index, block));
    inode.unlockMap(context.task);
  }
}
