/**
 * begin for an atomic write that the device cannot protect in place: it goes out of place as if every block were shared,
 * and one remapping makes it visible (filesystems.md table 1.1, row ATOMIC; INV-57).
 */
import {
  type Bytes,
  CowFork,
  EAGAIN,
  EIO,
  ENOSPC,
  type Errno,
  type Iomap,
  MapFlag,
  OpFlag,
  type OpFlags,
  type Steps,
} from '../../../model/contract/index.js';
import type { Context, MapOps } from '../../library/index.js';
import type { XfsInode } from '../inode.js';
import { allocating, convertDelayed, fillHole } from '../map/allocate.js';
import { describeBlocks } from '../map/records.js';
import { markBusy } from './direct.js';

function begin(
  inode: XfsInode,
  pos: Bytes,
  length: Bytes,
  flags: OpFlags,
  iomap: Iomap,
  _srcmap: Iomap,
  context: Context,
): Errno | Steps<Errno> {
  if ((flags & (OpFlag.NOWAIT | OpFlag.OVERWRITE_ONLY)) !== 0) return EAGAIN;
  if (inode.fs.down) return EIO;
  if (inode.fs.refuses(context)) return ENOSPC;
  const { cow } = inode;
  const at = inode.blockDown(pos);
  const requestEnd = inode.blockUp(pos + length);
  const dirty = pos + length > inode.dsize ? MapFlag.DIRTY : 0;
  return allocating(inode, context, () => {
    while (cow.stateAt(at) <= CowFork.delay) {
      const next = cow.find(at);
      const end = next < cow.count ? Math.min(requestEnd, cow.first(next)) : requestEnd;
      const result =
        cow.stateAt(at) === CowFork.none
          ? fillHole(inode, cow, at, end, context)
          : convertDelayed(inode, cow, at, context);
      if (result !== 0) return result;
    }
    const staged = cow.find(at);
    const end = Math.min(cow.end(staged), requestEnd);
    const block = cow.blockAt(staged, at);
    markBusy(inode, at, end, context);
    describeBlocks(inode, iomap, at, end, CowFork.busy, block, MapFlag.SHARED | dirty);
    return 0;
  });
}

export const atomicOps: MapOps = { begin };
