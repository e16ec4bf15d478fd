/** begin for reads, reports and seeks: the rows of filesystems.md table 1.1 that change nothing (MAP-11). */
import {
  type Bytes,
  type Errno,
  type FileBlock,
  Fork,
  type Iomap,
  MapFlag,
  MapType,
  NULL_ADDR,
} from '../../../model/contract/index.js';
import type { Context } from '../../library/index.js';
import { SHARED } from '../../sync/index.js';
import type { XfsInode } from '../inode.js';
import { describeBlocks, describeExtent, describeHole } from '../map/records.js';

/** Reads, buffered and direct: the data fork as it is; a copy-on-write fork does not matter, dirty bytes are in cache. */
export function beginRead(inode: XfsInode, pos: Bytes, length: Bytes, iomap: Iomap, context: Context): Errno {
  inode.lockMap(context.task, SHARED);
  const { data } = inode;
  const at = inode.blockDown(pos);
  const index = data.find(at);
  if (index < data.count && data.first(index) <= at)
    describeExtent(inode, iomap, data, index, data.first(index), data.end(index), 0);
  else describeHole(inode, iomap, at, holeEnd(inode, index, pos + length));
  inode.unlockMap(context.task);
  return 0;
}

/** A hole ends where the next extent begins, or with the request. */
function holeEnd(inode: XfsInode, index: number, requestEnd: Bytes): FileBlock {
  return index < inode.data.count ? inode.data.first(index) : inode.blockUp(requestEnd);
}

/** FIEMAP: as reads, and cut where sharing begins or ends (MAP-24). */
export function beginReport(inode: XfsInode, pos: Bytes, length: Bytes, iomap: Iomap, context: Context): Errno {
  inode.lockMap(context.task, SHARED);
  reportData(inode, pos, length, iomap);
  inode.unlockMap(context.task);
  return 0;
}

function reportData(inode: XfsInode, pos: Bytes, length: Bytes, iomap: Iomap): void {
  const { data } = inode;
  const { space } = inode.fs;
  const at = inode.blockDown(pos);
  const index = data.find(at);
  if (index === data.count || data.first(index) > at) {
    describeHole(inode, iomap, at, holeEnd(inode, index, pos + length));
    return;
  }
  let end = data.end(index);
  let flags = 0;
  if (data.state(index) === Fork.written && inode.reflinked) {
    const block = data.blockAt(index, at);
    end = at + space.sharedRun(block, end - at);
    if (space.isShared(block)) flags = MapFlag.SHARED;
  }
  describeExtent(inode, iomap, data, index, at, end, flags);
}

/**
 * SEEK_DATA and SEEK_HOLE: copy-on-write space over a hole of the data fork may back dirty cache, so it is reported as
 * UNWRITTEN and SHARED, which makes the library look into the cache (SEEK-06).
 */
export function beginSeek(inode: XfsInode, pos: Bytes, length: Bytes, iomap: Iomap, context: Context): Errno {
  inode.lockMap(context.task, SHARED);
  const { data, cow } = inode;
  const at = inode.blockDown(pos);
  const index = data.find(at);
  if (cow.count === 0 || (index < data.count && data.first(index) <= at)) reportData(inode, pos, length, iomap);
  else {
    const dataStart = holeEnd(inode, index, pos + length);
    const staged = cow.find(at);
    const stagedStart = staged < cow.count ? cow.first(staged) : dataStart;
    if (stagedStart <= at) {
      const end = Math.min(cow.end(staged), dataStart);
      describeBlocks(inode, iomap, at, end, cow.state(staged), cow.blockAt(staged, at), MapFlag.SHARED);
      iomap.type = MapType.UNWRITTEN;
      if (cow.state(staged) === Fork.delay) iomap.addr = NULL_ADDR;
    } else describeHole(inode, iomap, at, Math.min(dataStart, stagedStart));
  }
  inode.unlockMap(context.task);
  return 0;
}
