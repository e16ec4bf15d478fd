/**
 * begin for stores through the page cache: buffered writes, write faults, unshare and zeroing (filesystems.md table 1.1).
 * Space is only promised here (delayed extents), in the copy-on-write fork where the block is shared.
 */
import {
  type Bytes,
  EIO,
  ENOSPC,
  type Errno,
  type FileBlock,
  Fork,
  type Iomap,
  MapFlag,
  OpFlag,
  type OpFlags,
  type Steps,
} from '../../../model/contract/index.js';
import { type Context, fillDirtyFolios, truncateCache } from '../../library/index.js';
import { EXCLUSIVE } from '../../sync/index.js';
import type { XfsInode } from '../inode.js';
import { allocating, convertDelayed } from '../map/allocate.js';
import { reserveDelayed } from '../map/change.js';
import { describeBlocks, describeExtent, describeHole } from '../map/records.js';
import { beginAllocating } from './direct.js';
import { dirtyEnd, inWriteback, nextDirty } from './dirty-runs.js';
import { preallocatedEnd, roundToCowHint } from './preallocation.js';
import { onceDurable, sharingEnds } from './sharing.js';

/** Pages of a request that one reservation covers at most. */
const RESERVE_PAGES = 1024;

export function beginStore(
  inode: XfsInode,
  pos: Bytes,
  length: Bytes,
  flags: OpFlags,
  iomap: Iomap,
  srcmap: Iomap,
  context: Context,
): Errno | Steps<Errno> {
  const zeroing = (flags & OpFlag.ZERO) !== 0;
  // Delayed allocation cannot honour an extent size hint (filesystems.md 1.1, first row of buffered writes).
  if (inode.fs.options.extentSizeHint > 0 && !zeroing && (flags & OpFlag.UNSHARE) === 0)
    return beginAllocating(inode, pos, length, flags, iomap, srcmap, context);
  if ((flags & OpFlag.UNSHARE) === 0 && sharingEnds(inode, inode.blockDown(pos), inode.blockUp(pos + length)))
    return onceDurable(beginStore, inode, pos, length, flags, iomap, srcmap, context);
  if (!zeroing || !delayedBehindEnd(inode, pos)) return storing(inode, pos, length, flags, iomap, srcmap, context);
  return convertForZero(inode, pos, context, () => storing(inode, pos, length, flags, iomap, srcmap, context));
}

/** Preallocation behind the block of the end that zeroing reaches: delayed blocks below the end must not arise from it. */
function delayedBehindEnd(inode: XfsInode, pos: Bytes): boolean {
  const at = inode.blockDown(pos);
  return at >= inode.blockUp(inode.isize) && inode.data.stateAt(at) === Fork.delay;
}

function* convertForZero(inode: XfsInode, pos: Bytes, context: Context, store: () => Errno): Steps<Errno> {
  yield* truncateCache(context, inode, pos, Infinity);
  // No transaction begins after a shutdown, which may have come meanwhile.
  if (inode.fs.down) return EIO;
  const { data } = inode;
  const at = inode.blockDown(pos);
  // While the log is forced a writeback may fail and give the blocks back (FS-X3).
  const converted = allocating(inode, context, () =>
    data.stateAt(at) === Fork.delay ? convertDelayed(inode, data, at, context) : 0,
  );
  const error = typeof converted === 'number' ? converted : yield* converted;
  return error === 0 ? store() : error;
}

function storing(
  inode: XfsInode,
  pos: Bytes,
  length: Bytes,
  flags: OpFlags,
  iomap: Iomap,
  srcmap: Iomap,
  context: Context,
): Errno {
  inode.lockMap(context.task, EXCLUSIVE);
  const error = mapForStore(inode, pos, length, flags, iomap, srcmap, context);
  inode.unlockMap(context.task);
  return error;
}

function mapForStore(
  inode: XfsInode,
  pos: Bytes,
  length: Bytes,
  flags: OpFlags,
  iomap: Iomap,
  srcmap: Iomap,
  context: Context,
): Errno {
  const { data, cow } = inode;
  const at = inode.blockDown(pos);
  let end = inode.blockUp(pos + length);
  const index = data.find(at);
  const inHole = index === data.count || data.first(index) > at;
  const zeroing = (flags & OpFlag.ZERO) !== 0;
  const staged = cow.count === 0 ? 0 : cow.find(at);
  const isStaged = staged < cow.count && cow.first(staged) <= at;
  if (inHole && (zeroing || (flags & OpFlag.UNSHARE) !== 0)) {
    let hole = index < data.count ? data.first(index) : end;
    if (zeroing && isStaged) {
      hole = zeroStaged(inode, pos, at, Math.min(hole, end), staged, iomap, context);
      if (hole < 0) return 0;
    } else if (isStaged) hole = Math.min(hole, cow.end(staged));
    else if (staged < cow.count) hole = Math.min(hole, cow.first(staged));
    describeHole(inode, iomap, at, hole);
    return 0;
  }
  if (zeroing) {
    const limit = inode.blockUp(inode.isize);
    if (at < limit) end = Math.min(end, limit);
  }
  if (isStaged) {
    storeStaged(inode, pos, at, index, inHole, staged, zeroing, iomap, srcmap, context);
    return 0;
  }
  if (!inHole) return storeMapped(inode, pos, at, end, index, zeroing, iomap, srcmap, context);
  return storeInHole(inode, pos, length, at, index, iomap, context);
}

/** Copy-on-write space beats the data fork for every store. */
function storeStaged(
  inode: XfsInode,
  pos: Bytes,
  at: FileBlock,
  index: number,
  inHole: boolean,
  staged: number,
  zeroing: boolean,
  iomap: Iomap,
  srcmap: Iomap,
  context: Context,
): void {
  const { data, cow } = inode;
  let end = cow.end(staged);
  // Zeroing stops at the end's block: delayed blocks behind it are converted by a begin of their own.
  if (zeroing && at < inode.blockUp(inode.isize)) end = Math.min(end, inode.blockUp(inode.isize));
  let flags: number = MapFlag.SHARED;
  if (inHole) {
    if (index < data.count) end = Math.min(end, data.first(index));
  } else {
    describeExtent(inode, srcmap, data, index, at, data.end(index), 0);
    if (zeroing && data.state(index) === Fork.unwritten && at < inode.blockUp(inode.isize)) {
      end = Math.min(end, data.end(index));
      if (canBatch(inode, at, end)) {
        end = batchEnd(inode, pos, at, end, context);
        flags |= MapFlag.FOLIO_BATCH;
      }
    }
  }
  describeStaged(inode, iomap, staged, at, end, flags);
}

/**
 * Space whose I/O is in flight is told as UNWRITTEN like idle space: nobody may read from it, existing bytes come from the
 * data fork alone.
 */
function describeStaged(
  inode: XfsInode,
  iomap: Iomap,
  staged: number,
  first: FileBlock,
  end: FileBlock,
  flags: number,
): void {
  const { cow } = inode;
  const state = cow.state(staged) === Fork.delay ? Fork.delay : Fork.unwritten;
  describeBlocks(inode, iomap, first, end, state, cow.blockAt(staged, first), flags);
}

/**
 * Zeroing over a hole with copy-on-write space: only what is dirty in cache, or on its way to the device, has bytes to
 * zero (PC-75). Returns where the hole ends for this begin, or −1 when the copy-on-write space was described.
 */
function zeroStaged(
  inode: XfsInode,
  pos: Bytes,
  at: FileBlock,
  holeEnd: FileBlock,
  staged: number,
  iomap: Iomap,
  context: Context,
): FileBlock {
  const end = Math.min(inode.cow.end(staged), holeEnd);
  const limit = Math.min(end, inode.blockUp(inode.isize));
  if (at >= limit) return end;
  const dirty = nextDirty(inode, at, limit);
  if (dirty === at) {
    const run = batchEnd(inode, pos, at, limit, context);
    describeStaged(inode, iomap, staged, at, run, MapFlag.SHARED | MapFlag.FOLIO_BATCH);
    return -1;
  }
  if (!inWriteback(inode, at, limit)) return dirty < limit ? dirty : end;
  // Blocks in flight are real ones: told as UNWRITTEN, they are waited for and mapped again. Delayed ones are idle.
  if (inode.cow.state(staged) !== Fork.delay && inWriteback(inode, at, at + 1)) {
    describeStaged(inode, iomap, staged, at, at + 1, MapFlag.SHARED);
    return -1;
  }
  return at + 1;
}

/**
 * Dirty blocks can be zeroed in place. Not while any are in flight, nor after a writeback failed (the cache shows then
 * what the map does not have): the library writes back, or clears the cache, before it goes on.
 */
function canBatch(inode: XfsInode, at: FileBlock, end: FileBlock): boolean {
  return !inode.lostWrites && !inWriteback(inode, at, end);
}

/**
 * Where the mapping of a batch ends (MAP-28): with the dirty blocks that begin at `at`, which are collected; or, with
 * nothing collected, where the next dirty block begins.
 */
function batchEnd(inode: XfsInode, pos: Bytes, at: FileBlock, end: FileBlock, context: Context): FileBlock {
  // A part of a block in a dirty folio is zeroed whatever the block is (PC-77, seen on 6.18).
  const inPart = pos % inode.fs.blockSize !== 0 && inode.cache.find(pos)?.dirty === true;
  const dirty = inPart ? at : nextDirty(inode, at, end);
  if (dirty > at) return dirty;
  const run = Math.max(inPart ? at + 1 : at, dirtyEnd(inode, at, end));
  return Math.min(run, inode.blockUp(fillDirtyFolios(context, inode, pos, run * inode.fs.blockSize)));
}

function storeMapped(
  inode: XfsInode,
  pos: Bytes,
  at: FileBlock,
  requestEnd: FileBlock,
  index: number,
  zeroing: boolean,
  iomap: Iomap,
  srcmap: Iomap,
  context: Context,
): Errno {
  const { data } = inode;
  const state = data.state(index);
  let end = data.end(index);
  if (state === Fork.written && inode.reflinked) {
    end = Math.min(end, requestEnd);
    const block = data.blockAt(index, at);
    const run = inode.fs.space.sharedRun(block, end - at);
    if (inode.fs.space.isShared(block)) return storeShared(inode, at, at + run, index, iomap, srcmap, context);
    describeExtent(inode, iomap, data, index, at, at + run, 0);
    return 0;
  }
  let flags = 0;
  if (zeroing) {
    end = Math.min(end, requestEnd);
    if (state === Fork.unwritten && at < inode.blockUp(inode.isize) && canBatch(inode, at, end)) {
      end = batchEnd(inode, pos, at, end, context);
      flags = MapFlag.FOLIO_BATCH;
    }
  }
  describeExtent(inode, iomap, data, index, zeroing ? at : data.first(index), end, flags);
  return 0;
}

/** The first store to shared blocks: reserves their copies, rounded by the hint, or exactly when space is short. */
function storeShared(
  inode: XfsInode,
  at: FileBlock,
  end: FileBlock,
  index: number,
  iomap: Iomap,
  srcmap: Iomap,
  context: Context,
): Errno {
  const { data, cow } = inode;
  if (inode.fs.refuses(context)) return ENOSPC;
  const next = cow.find(at);
  const free = next < cow.count ? Math.min(end, cow.first(next)) : end;
  let [first, last] = roundToCowHint(inode, at, free);
  if (!reserveDelayed(inode, cow, first, last)) {
    first = at;
    last = free;
    if (!reserveDelayed(inode, cow, first, last)) return ENOSPC;
  }
  describeExtent(inode, srcmap, data, index, at, free, 0);
  describeBlocks(inode, iomap, first, last, Fork.delay, -1, MapFlag.NEW | MapFlag.SHARED);
  return 0;
}

function storeInHole(
  inode: XfsInode,
  pos: Bytes,
  length: Bytes,
  at: FileBlock,
  index: number,
  iomap: Iomap,
  context: Context,
): Errno {
  const { data } = inode;
  if (inode.fs.refuses(context)) return ENOSPC;
  const requestEnd = pos + Math.min(length, RESERVE_PAGES * context.geometry.pageSize);
  let needed = inode.blockUp(requestEnd);
  let end = needed;
  if (index < data.count) end = needed = Math.min(needed, data.first(index));
  else if (requestEnd > inode.isize) end = preallocatedEnd(inode, at, requestEnd);
  if (!reserveDelayed(inode, data, at, end)) {
    end = needed;
    if (!reserveDelayed(inode, data, at, end)) return ENOSPC;
  }
  describeBlocks(inode, iomap, at, end, Fork.delay, -1, MapFlag.NEW);
  return 0;
}
