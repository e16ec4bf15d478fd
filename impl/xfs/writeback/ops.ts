/**
 * Writeback of the XFS-like file system: FS-X1 … FS-X6. Delayed extents become real before the I/O is built (WB-16),
 * copy-on-write space comes first, completion remaps and converts.
 */
import {
  type Bytes,
  CowFork,
  EIO,
  type Errno,
  type FileBlock,
  Fork,
  type IoendRecord,
  type Iomap,
  MapFlag,
  type Steps,
  type WritebackOps,
} from '../../../model/contract/index.js';
import type { ExtentFork } from '../../extents/fork.js';
import type { CachedInode, Context } from '../../library/index.js';
import { EXCLUSIVE } from '../../sync/index.js';
import { markBusy } from '../begin/direct.js';
import type { XfsInode } from '../inode.js';
import { allocating, convertDelayed } from '../map/allocate.js';
import { punchDelayed } from '../map/change.js';
import { completeWritten } from '../map/complete.js';
import { abandonCow } from '../map/cow.js';
import { describeBlocks, describeExtent, describeHole } from '../map/records.js';

/**
 * WB-12, LK-22: both stamps, for new copy-on-write space may overlap what the data fork said. Direct writes that go in place
 * under idle copy-on-write space change neither.
 */
function stillCurrent(inode: XfsInode, pos: Bytes, iomap: Iomap): boolean {
  return (
    ((iomap.flags & MapFlag.SHARED) === 0 || inode.direct.count === 0) &&
    iomap.length > 0 &&
    iomap.offset <= pos &&
    pos < iomap.end &&
    iomap.cookie === inode.data.cookie &&
    iomap.cowCookie === inode.cow.cookie
  );
}

function map(inode: XfsInode, pos: Bytes, length: Bytes, iomap: Iomap, context: Context): Errno | Steps<Errno> {
  if (inode.fs.down) return EIO;
  if (stillCurrent(inode, pos, iomap)) return 0;
  if (context.chooser.choose(2, 'writeback-map', inode.id) !== 0) return EIO;
  return delayedAt(inode, inode.blockDown(pos)) === null
    ? lookUp(inode, pos, length, iomap)
    : convertThenLookUp(inode, pos, length, iomap, context);
}

/** The fork whose delayed extent writeback has to make real: copy-on-write space comes first. */
function delayedAt({ data, cow }: XfsInode, at: FileBlock): ExtentFork | null {
  if (cow.count > 0 && cow.stateAt(at) !== CowFork.none) return cow.stateAt(at) === CowFork.delay ? cow : null;
  return data.stateAt(at) === Fork.delay ? data : null;
}

function convertThenLookUp(
  inode: XfsInode,
  pos: Bytes,
  length: Bytes,
  iomap: Iomap,
  context: Context,
): Errno | Steps<Errno> {
  const at = inode.blockDown(pos);
  return allocating(inode, context, () => {
    // while the log was forced a copy moved into the data fork, copy-on-write space came, or a truncate took the
    // extent. What is there now counts.
    const fork = delayedAt(inode, at);
    const result = fork === null ? 0 : convertDelayed(inode, fork, at, context);
    return result === 0 ? lookUp(inode, pos, length, iomap) : result;
  });
}

/** The mapping of blocks that are not delayed. */
function lookUp(inode: XfsInode, pos: Bytes, length: Bytes, iomap: Iomap): Errno {
  const { data, cow } = inode;
  const at = inode.blockDown(pos);
  const staged = cow.find(at);
  // Cut at copy-on-write space: it is looked for only when a mapping is fetched.
  let limit = staged < cow.count ? cow.first(staged) : Infinity;
  if (limit <= at) {
    const [first, end] = copiedRange(inode, staged, at, inode.blockUp(pos + length));
    if (end > at) {
      describeBlocks(inode, iomap, first, end, cow.state(staged), cow.blockAt(staged, first), MapFlag.SHARED);
      return 0;
    }
    limit = at + 1;
  }
  const index = data.find(at);
  if (index === data.count || data.first(index) > at) {
    const end = index === data.count ? inode.blockUp(pos + length) : data.first(index);
    describeHole(inode, iomap, at, Math.min(end, limit));
    return 0;
  }
  const end = Math.min(data.end(index), limit);
  if (!inode.reflinked || data.state(index) !== Fork.written) {
    describeExtent(inode, iomap, data, index, data.first(index), end, 0);
    return 0;
  }
  const block = data.blockAt(index, at);
  const run = inode.fs.space.sharedRun(block, end - at);
  // A dirty block that is shared and has no copy holds what the device holds (H-6): others' blocks are never written.
  if (inode.fs.space.isShared(block)) describeHole(inode, iomap, at, at + run);
  else describeExtent(inode, iomap, data, index, at, at + run, 0);
  return 0;
}

/**
 * Which blocks around `at` writeback writes to copy-on-write record `staged`, none if it ends at `at`. Where direct writes
 * are on their way only `at` and what follows is looked at: the remap would free the blocks they write to (INV-41).
 */
function copiedRange(
  inode: XfsInode,
  staged: number,
  at: FileBlock,
  requestEnd: FileBlock,
): readonly [FileBlock, FileBlock] {
  const { cow } = inode;
  if (inode.direct.count === 0) return [cow.first(staged), cow.end(staged)];
  const last = Math.min(cow.end(staged), requestEnd);
  let end = at;
  while (end < last && !isWrittenInPlace(inode, staged, end)) end++;
  return [at, end];
}

/** A direct write may be on its way to the block that the data fork has there, which is durably nobody else's (CR-32). */
function isWrittenInPlace({ data, cow, direct, fs }: XfsInode, staged: number, at: FileBlock): boolean {
  if (cow.state(staged) === CowFork.busy || direct.writes(at * fs.blockSize, (at + 1) * fs.blockSize) === 0)
    return false;
  const state = data.stateAt(at);
  if (state !== Fork.written) return state === Fork.unwritten;
  const block = data.blockAt(data.find(at), at);
  return !fs.space.isShared(block) && !fs.space.endsSharing(block, 1);
}

function submitting(inode: XfsInode, ioend: IoendRecord, context: Context): Errno {
  if (ioend.shared) markBusy(inode, inode.blockDown(ioend.offset), inode.blockUp(ioend.offset + ioend.size), context);
  return 0;
}

function defers(inode: XfsInode, ioend: IoendRecord): boolean {
  return ioend.unwritten || ioend.shared || ioend.offset + ioend.size > inode.dsize;
}

const NO_COPIES: readonly Bytes[] = [];

function completed(inode: XfsInode, ioend: IoendRecord, context: Context): Errno | Steps<Errno> {
  const { offset, size, status } = ioend;
  if (inode.fs.down) return EIO;
  const copies = ioend.shared ? [offset, offset + size] : NO_COPIES;
  if (status === 0) return completeWritten(inode, offset, size, copies, ioend.unwritten, false, context);
  if (ioend.shared) {
    const first = inode.blockDown(offset);
    const end = inode.blockUp(offset + size);
    abandonCow(inode, first, end, block => isBeingStored(inode, block) || isStillWanted(inode, block), context);
    for (let block = first; block < end; block++)
      if (!isStillWanted(inode, block)) giveBack(inode, block, block + 1, context);
  }
  return status;
}

/** A write found the copy and is about to store into it (`storing`); what the data fork has for the block goes all the same. */
function isBeingStored({ storing, fs }: XfsInode, block: FileBlock): boolean {
  return storing !== null && storing.from < (block + 1) * fs.blockSize && storing.to > block * fs.blockSize;
}

/**
 * The block was stored to after its writeback began, or is about to be by a fault that has its mapping. While writeback
 * begins D bits stand, but the folio is not dirty (WB-10).
 */
function isStillWanted({ cache, faults, fs }: XfsInode, block: FileBlock): boolean {
  const pos = block * fs.blockSize;
  for (let i = 0; i < faults.length; i += 2) if (faults[i]! < pos + fs.blockSize && faults[i + 1]! > pos) return true;
  const folio = cache.find(pos);
  return folio?.dirty === true && folio.isBlockDirty(Math.floor((pos - folio.pos) / fs.blockSize));
}

function giveBack(inode: XfsInode, first: number, end: number, context: Context): void {
  inode.lockMap(context.task, EXCLUSIVE);
  punchDelayed(inode, inode.data, first, end);
  inode.unlockMap(context.task);
}

/** FS-X3. */
function discard(inode: XfsInode, pos: Bytes, end: Bytes, context: Context): void {
  if (inode.fs.down) return;
  giveBack(inode, inode.blockDown(pos), inode.blockUp(end), context);
}

export const xfsWriteback: WritebackOps<CachedInode> = { map, submitting, defers, completed, discard };
