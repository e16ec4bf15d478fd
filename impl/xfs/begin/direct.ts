/**
 * begin for direct writes, and for buffered writes under an extent size hint: real blocks, allocated here, unwritten
 * until the data are on the device (filesystems.md table 1.1, direct-io.md). Shared blocks are written out of place, into
 * copy-on-write blocks that are *busy* until completion remaps them. What may not allocate (NOWAIT, OVERWRITE_ONLY) is
 * refused before anything is touched (MAP-30, MAP-31).
 */
import {
  type Bytes,
  CowFork,
  EAGAIN,
  EIO,
  ENOPROTOOPT,
  ENOSPC,
  type Errno,
  type FileBlock,
  Fork,
  type Iomap,
  LARGEST_FILE,
  MapFlag,
  OpFlag,
  type OpFlags,
  type Steps,
} from '../../../model/contract/index.js';
import { type Context, waitForWriteback } from '../../library/index.js';
import { EXCLUSIVE } from '../../sync/index.js';
import type { XfsInode } from '../inode.js';
import { trimIdle } from '../layout/trim.js';
import { allocating, convertDelayed, fillHole } from '../map/allocate.js';
import { describeBlocks, describeExtent } from '../map/records.js';
import { inWriteback } from './dirty-runs.js';
import { roundToCowHint } from './preallocation.js';
import { onceDurable, sharingEnds } from './sharing.js';

/** Pages of a request that one allocation covers at most. */
const ALLOCATE_PAGES = 1024;

export function beginAllocating(
  inode: XfsInode,
  pos: Bytes,
  length: Bytes,
  flags: OpFlags,
  iomap: Iomap,
  srcmap: Iomap,
  context: Context,
): Errno | Steps<Errno> {
  const at = inode.blockDown(pos);
  const end = inode.blockUp(pos + length);
  const limited = (flags & (OpFlag.NOWAIT | OpFlag.OVERWRITE_ONLY)) !== 0;
  // MAP-22: a write that passes the end on disk depends on a size that its completion, or writeback, will set.
  const dirty = pos + length > inode.dsize ? MapFlag.DIRTY : 0;
  if (inode.reflinked || inode.cow.count > 0) {
    // Whether a block needs a copy is known only under the exclusive lock, which NOWAIT does not wait for.
    if ((flags & OpFlag.NOWAIT) !== 0) return EAGAIN;
    if (needsCopy(inode, at)) {
      if (limited) return EAGAIN;
      return beginCopy(inode, at, end, flags, dirty, iomap, srcmap, context);
    }
    if (mayBeCopied(inode, at, flags)) return onceWritten(inode, pos, length, flags, iomap, srcmap, context);
  }
  if (sharingEnds(inode, at, end))
    return onceDurable(beginAllocating, inode, pos, length, flags, iomap, srcmap, context);
  const { data } = inode;
  const index = data.find(at);
  if (index === data.count || data.first(index) > at || data.state(index) === Fork.delay) {
    if (limited) return EAGAIN;
    // An allocation may fall into several pieces, which no single protected write could cover.
    if ((flags & OpFlag.ATOMIC) !== 0 && end - at > 1) return ENOPROTOOPT;
    return allocate(inode, pos, length, at, dirty | atomicFlag(flags), iomap, context);
  }
  const until = unsharedEnd(inode, index, at, end);
  if (limited) {
    if (until < end) return EAGAIN;
    const aligned = pos % inode.fs.blockSize === 0 && length % inode.fs.blockSize === 0;
    if ((flags & OpFlag.OVERWRITE_ONLY) !== 0 && data.state(index) !== Fork.written && !aligned) return EAGAIN;
  }
  if ((flags & OpFlag.ATOMIC) !== 0 && !protectable(data.blockAt(index, at), at, end, until)) return ENOPROTOOPT;
  describeExtent(inode, iomap, data, index, at, until, dirty | atomicFlag(flags));
  return 0;
}

function atomicFlag(flags: OpFlags): number {
  return (flags & OpFlag.ATOMIC) !== 0 ? MapFlag.ATOMIC_BIO : 0;
}

/** One mapping covers the request, and the device blocks are aligned to its length as torn-write protection asks. */
function protectable(block: number, at: FileBlock, end: FileBlock, until: FileBlock): boolean {
  return until >= end && block % (end - at) === 0;
}

/** The block at `at` is shared, or has copy-on-write space already that is not idle beside another direct write. */
function needsCopy(inode: XfsInode, at: FileBlock): boolean {
  const { data, cow } = inode;
  const staged = cow.count > 0 && cow.stateAt(at) !== CowFork.none;
  const index = data.find(at);
  if (index === data.count || data.first(index) > at || data.state(index) === Fork.delay) return staged;
  if (data.state(index) === Fork.written && inode.fs.space.isShared(data.blockAt(index, at))) return true;
  return staged && !(cow.stateAt(at) !== CowFork.busy && isBeingWritten(inode, at));
}

/**
 * Another direct write is on its way to the block, maybe in place; the completion of a copy would give away what it writes
 * to (INV-41).
 */
function isBeingWritten(inode: XfsInode, at: FileBlock): boolean {
  const { blockSize } = inode.fs;
  return inode.direct.writes(at * blockSize, (at + 1) * blockSize) > 1;
}

/**
 * Beside another direct write this one goes in place, but writeback that began before both may have been told of the copy,
 * and its completion would give away what they write to (INV-41).
 */
function mayBeCopied(inode: XfsInode, at: FileBlock, flags: OpFlags): boolean {
  if ((flags & OpFlag.DIRECT) === 0 || inode.cow.stateAt(at) === CowFork.none) return false;
  return inWriteback(inode, at, at + 1);
}

/** Waits for the writeback of the first block, then begins with the same arguments as if nothing had been. */
function* onceWritten(...args: Parameters<typeof beginAllocating>): Steps<Errno> {
  const [inode, pos, , , , , context] = args;
  yield* waitForWriteback(context, inode, pos, pos + 1);
  // Meanwhile the file system may have been shut down (CR-91).
  if (inode.fs.down) return EIO;
  const begun = beginAllocating(...args);
  return typeof begun === 'number' ? begun : yield* begun;
}

/** Where the record, cut at copy-on-write space (behind the first block) and at sharing, ends. */
function unsharedEnd(inode: XfsInode, index: number, at: FileBlock, requestEnd: FileBlock): FileBlock {
  const { data, cow } = inode;
  let end = data.end(index);
  const staged = cow.find(at);
  if (staged < cow.count) end = Math.min(end, Math.max(at + 1, cow.first(staged)));
  if (!inode.reflinked) return end;
  end = Math.min(end, requestEnd);
  if (data.state(index) === Fork.written)
    end = Math.min(end, at + inode.fs.space.sharedRun(data.blockAt(index, at), end - at));
  return end;
}

/** Blocks for a hole or a delayed extent: UNWRITTEN and NEW. */
function allocate(
  inode: XfsInode,
  pos: Bytes,
  length: Bytes,
  at: FileBlock,
  flags: number,
  iomap: Iomap,
  context: Context,
): Errno | Steps<Errno> {
  const { data, cow } = inode;
  if (inode.fs.refuses(context)) return ENOSPC;
  const asked = inode.blockUp(pos + Math.min(length, ALLOCATE_PAGES * context.geometry.pageSize));
  // From where copy-on-write space begins the data go there.
  const staged = cow.find(at);
  const limit = staged < cow.count ? cow.first(staged) : Number.POSITIVE_INFINITY;
  let [first, end] = hinted(inode, at, Math.min(asked, limit));
  const attempt = (): number => {
    if (data.stateAt(at) === Fork.delay) return convertDelayed(inode, data, at, context);
    const before = data.find(at);
    if (before > 0) first = Math.max(first, data.end(before - 1));
    if (before < data.count) end = Math.min(end, data.first(before));
    const result = fillHole(inode, data, first, end, context);
    // A hint that space cannot meet is only a hint.
    return result === ENOSPC && first < at ? fillHole(inode, data, (first = at), end, context) : result;
  };
  // Not of a copy that came to the hole while the log was forced (MAP-20).
  let isNew = 0;
  const covered = (): number => {
    while (data.stateAt(at) === Fork.hole || data.stateAt(at) === Fork.delay) {
      const result = attempt();
      if (result !== 0) return result;
      isNew = MapFlag.NEW;
    }
    const index = data.find(at);
    const until = Math.min(data.end(index), Math.max(end, at + 1), limit);
    describeExtent(inode, iomap, data, index, Math.max(first, data.first(index)), until, flags | isNew);
    return 0;
  };
  return allocating(inode, context, withRoom(inode, context, covered));
}

/** An allocation that finds no blocks has idle preallocation of the other files trimmed, and is tried once more. */
function withRoom(inode: XfsInode, context: Context, attempt: () => number): () => number {
  return () => {
    const result = attempt();
    if (result !== ENOSPC) return result;
    for (const other of inode.fs.inodes) if (other !== inode) trimIdle(context, other);
    return attempt();
  };
}

/** The extent size hint rounds an allocation outward. */
function hinted(inode: XfsInode, first: FileBlock, end: FileBlock): readonly [FileBlock, FileBlock] {
  const unit = inode.fs.options.extentSizeHint;
  if (unit <= 1) return [first, end];
  const roundedEnd = Math.min(Math.ceil(end / unit) * unit, inode.blockDown(LARGEST_FILE));
  return [first - (first % unit), roundedEnd];
}

/** A write to shared blocks, or over copy-on-write space: allocates the copies and marks them busy. */
function beginCopy(
  inode: XfsInode,
  at: FileBlock,
  requestEnd: FileBlock,
  flags: OpFlags,
  dirty: number,
  iomap: Iomap,
  srcmap: Iomap,
  context: Context,
): Errno | Steps<Errno> {
  const { data, cow } = inode;
  if (inode.fs.refuses(context)) return ENOSPC;
  const direct = (flags & OpFlag.DIRECT) !== 0;
  if ((flags & OpFlag.ATOMIC) !== 0) return ENOPROTOOPT;
  const attempt = (): number => {
    while (cow.stateAt(at) <= CowFork.delay) {
      const result =
        cow.stateAt(at) === CowFork.none
          ? stage(inode, at, requestEnd, context)
          : convertDelayed(inode, cow, at, context);
      if (result !== 0) return result;
    }
    const staged = cow.find(at);
    const end = Math.min(cow.end(staged), requestEnd);
    const block = cow.blockAt(staged, at);
    const index = data.find(at);
    let until = end;
    if (index < data.count && data.first(index) <= at) {
      until = Math.min(until, data.end(index));
      describeExtent(inode, srcmap, data, index, at, until, 0);
    } else if (index < data.count) until = Math.min(until, data.first(index));
    // Not the rest of the space: what comes behind may be for another request's blocks (INV-41).
    if (direct) markBusy(inode, at, until, context);
    const state = direct ? CowFork.busy : CowFork.real;
    describeBlocks(inode, iomap, at, until, state, block, MapFlag.SHARED | dirty);
    return 0;
  };
  return allocating(inode, context, withRoom(inode, context, attempt));
}

/** Real copy-on-write blocks for the shared run at `at`, rounded by the hint where space allows. */
function stage(inode: XfsInode, at: FileBlock, requestEnd: FileBlock, context: Context): number {
  const { data, cow } = inode;
  const index = data.find(at);
  let end = Math.min(requestEnd, data.end(index));
  end = at + inode.fs.space.sharedRun(data.blockAt(index, at), end - at);
  const next = cow.find(at);
  if (next < cow.count) end = Math.min(end, cow.first(next));
  const [first, last] = roundToCowHint(inode, at, end);
  const result = fillHole(inode, cow, first, last, context);
  return result === ENOSPC ? fillHole(inode, cow, at, end, context) : result;
}

/** From now on the blocks hold data in flight; completion takes only busy ones (FS-X5). */
export function markBusy(inode: XfsInode, first: FileBlock, end: FileBlock, context: Context): void {
  const { cow } = inode;
  inode.lockMap(context.task, EXCLUSIVE);
  for (let at = first; at < end; ) {
    const i = cow.find(at);
    if (i === cow.count || cow.first(i) >= end) break;
    const from = Math.max(at, cow.first(i));
    at = Math.min(end, cow.end(i));
    if (cow.state(i) === CowFork.real) inode.setExtent(cow, from, at, CowFork.busy, cow.blockAt(i, from));
  }
  inode.unlockMap(context.task);
}
