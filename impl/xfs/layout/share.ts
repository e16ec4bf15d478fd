/**
 * Sharing blocks between two ranges (FS-X14, xfs_reflink_remap_blocks): an extent at a time, written source extents are
 * shared, everything else of the source becomes a hole of the target. Both ranges are on the device and the target's is
 * out of the cache when this begins.
 */
import { type Bytes, type FileBlock, Fork, type Steps, Y } from '../../../model/contract/index.js';
import type { Context } from '../../library/index.js';
import { isizeExtended } from '../../library/isize-extended.js';
import { EXCLUSIVE } from '../../sync/index.js';
import type { XfsInode } from '../inode.js';
import { isHole, unmapBlocks } from '../map/change.js';

/** Shares [from, from + length) of `source` at `to` of `target`; both sizes of the target grow with the extents. */
export function* shareBlocks(
  context: Context,
  source: XfsInode,
  from: Bytes,
  target: XfsInode,
  to: Bytes,
  length: Bytes,
): Steps<void> {
  const distance = target.blockDown(to) - source.blockDown(from);
  const end = source.blockUp(from + length);
  for (let at = source.blockDown(from); at < end; ) {
    at = shareNext(context, source, at, end, target, distance, to + length);
    if (context.task.stopsAt(Y['Y-RL1'])) yield Y['Y-RL1'];
  }
}

/** One transaction: the longest run that is one extent, or hole, in the source and in the target. Returns its end. */
function shareNext(
  context: Context,
  source: XfsInode,
  at: FileBlock,
  end: FileBlock,
  target: XfsInode,
  distance: number,
  newEnd: Bytes,
): FileBlock {
  const { fs } = target;
  const index = source.data.find(at);
  const mapped = index < source.data.count && source.data.first(index) <= at;
  const state = mapped ? source.data.state(index) : Fork.hole;
  const block = mapped ? source.data.blockAt(index, at) : -1;
  const runEnd = mapped ? source.data.end(index) : index < source.data.count ? source.data.first(index) : end;
  const until = cutAtTarget(target, at + distance, Math.min(runEnd, end) + distance) - distance;
  const first = at + distance;
  const transaction = fs.begin(context.task);
  lockMaps(source, target, context);
  if (!sameAlready(target, first, state, block)) {
    // The reference is taken before the old one is dropped: source and target may be one file.
    if (state === Fork.written) fs.space.share(block, until - at);
    if (!isHole(target.data, first, until + distance))
      unmapBlocks(target, target.data, first, until + distance, transaction);
    if (state === Fork.written)
      target.setExtent(target.data, first, until + distance, Fork.written, block, transaction);
  }
  growTo(target, Math.min((until + distance) * fs.blockSize, newEnd));
  fs.commit(transaction, target, context.task);
  unlockMaps(source, target, context);
  return until;
}

function cutAtTarget(target: XfsInode, first: FileBlock, end: FileBlock): FileBlock {
  const index = target.data.find(first);
  if (index === target.data.count) return end;
  return Math.min(end, target.data.first(index) <= first ? target.data.end(index) : target.data.first(index));
}

/** The same block already, or unwritten on both sides: left alone. */
function sameAlready(target: XfsInode, first: FileBlock, state: number, block: number): boolean {
  const index = target.data.find(first);
  const mapped = index < target.data.count && target.data.first(index) <= first;
  if (!mapped) return state === Fork.hole;
  if (state === Fork.unwritten) return target.data.state(index) === Fork.unwritten;
  return state === Fork.written && target.data.blockAt(index, first) === block;
}

/** Inside the transaction. */
function growTo(target: XfsInode, size: Bytes): void {
  if (size <= target.isize) return;
  isizeExtended(target, target.isize, size);
  target.setSize(size);
  target.setDsize(size);
}

function lockMaps(source: XfsInode, target: XfsInode, context: Context): void {
  const [low, high] = source.id < target.id ? [source, target] : [target, source];
  low.lockMap(context.task, EXCLUSIVE);
  if (high !== low) high.lockMap(context.task, EXCLUSIVE);
}

function unlockMaps(source: XfsInode, target: XfsInode, context: Context): void {
  source.unlockMap(context.task);
  if (source !== target) target.unlockMap(context.task);
}
