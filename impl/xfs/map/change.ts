/**
 * The changes of a file's map that everything else is made of: reserve, give back, convert delayed, convert unwritten,
 * unmap. Each works on the state it finds under L8, never on a record handed out earlier (LK-24), and none waits.
 */
import { Ev, type FileBlock, Fork } from '../../../model/contract/index.js';
import { type ExtentFork, indexBlocks } from '../../extents/fork.js';
import type { JournalTransaction } from '../../journal/transaction.js';
import type { XfsInode } from '../inode.js';

/** Reserves [first, end), which must be a hole of the fork, with what its index may need. False when space is short. */
export function reserveDelayed(inode: XfsInode, fork: ExtentFork, first: FileBlock, end: FileBlock): boolean {
  const blocks = end - first;
  if (inode.fs.space.free < blocks + indexBlocks(blocks)) return false;
  inode.setExtent(fork, first, end, Fork.delay, -1);
  const kind = fork === inode.cow ? Ev['reserve-cow'] : Ev.reserve;
  inode.platform.sink.emit(kind, inode.id, first, blocks, 0);
  return true;
}

/** Gives back the delayed blocks of [first, end) and leaves all others alone (PC-51). */
export function punchDelayed(inode: XfsInode, fork: ExtentFork, first: FileBlock, end: FileBlock): void {
  for (let i = fork.find(first); i < fork.count && fork.first(i) < end; ) {
    if (fork.state(i) !== Fork.delay) {
      i++;
      continue;
    }
    const from = Math.max(first, fork.first(i));
    const to = Math.min(end, fork.end(i));
    inode.setExtent(fork, from, to, Fork.hole, -1);
    i = fork.find(to);
  }
}

/** Makes [first, end) a hole of the fork: real blocks lose this reference, delayed ones their reservation. */
export function unmapBlocks(
  inode: XfsInode,
  fork: ExtentFork,
  first: FileBlock,
  end: FileBlock,
  transaction: JournalTransaction,
): void {
  const from = fork.find(first);
  if (from === fork.count || fork.first(from) >= end) return;
  for (let i = from; i < fork.count && fork.first(i) < end; i++) {
    if (fork.state(i) === Fork.delay) continue;
    const start = Math.max(first, fork.first(i));
    inode.fs.drop(inode, fork.blockAt(i, start), Math.min(end, fork.end(i)) - start, transaction);
  }
  inode.setExtent(fork, first, end, Fork.hole, -1, transaction);
}

/** Nothing of the fork is mapped in [first, end). */
export function isHole(fork: ExtentFork, first: FileBlock, end: FileBlock): boolean {
  const index = fork.find(first);
  return index === fork.count || fork.first(index) >= end;
}
