/**
 * The mapping callbacks of the XFS-like file system: which begin serves which operation, what end gives back (MAP-44 …
 * MAP-46), and when a mapping is still good (MAP-52, LK-20).
 */
import {
  type Bytes,
  EIO,
  type Errno,
  Ev,
  type Iomap,
  MapFlag,
  MapType,
  OpFlag,
  type OpFlags,
  type Steps,
  Y,
} from '../../../model/contract/index.js';
import { type Context, type MapOps, writeDelallocRelease } from '../../library/index.js';
import { acquire, EXCLUSIVE } from '../../sync/index.js';
import { beginAllocating } from '../begin/direct.js';
import { beginRead, beginReport, beginSeek } from '../begin/read.js';
import { beginStore } from '../begin/write.js';
import type { XfsInode } from '../inode.js';
import { punchDelayed } from './change.js';
import { isCurrent } from './records.js';

const STORES = OpFlag.WRITE | OpFlag.ZERO | OpFlag.UNSHARE;
const DIRECT_WRITE = OpFlag.DIRECT | OpFlag.WRITE;

function begin(
  inode: XfsInode,
  pos: Bytes,
  length: Bytes,
  flags: OpFlags,
  iomap: Iomap,
  srcmap: Iomap,
  context: Context,
): Errno | Steps<Errno> {
  if (inode.fs.down) return EIO;
  if ((flags & OpFlag.REPORT) !== 0)
    return (flags & OpFlag.SEEK) !== 0
      ? beginSeek(inode, pos, length, iomap, context)
      : beginReport(inode, pos, length, iomap, context);
  if ((flags & STORES) === 0) return beginRead(inode, pos, length, iomap, context);
  if ((flags & DIRECT_WRITE) === DIRECT_WRITE)
    return beginAllocating(inode, pos, length, flags, iomap, srcmap, context);
  const begun = beginStore(inode, pos, length, flags, iomap, srcmap, context);
  if ((flags & OpFlag.FAULT) === 0) return begun;
  return typeof begun === 'number' ? faultBegun(inode, pos, length, begun) : waitForFault(inode, pos, length, begun);
}

function faultBegun(inode: XfsInode, pos: Bytes, length: Bytes, errno: Errno): Errno {
  if (errno === 0) inode.faults.push(pos, pos + length);
  return errno;
}

function* waitForFault(inode: XfsInode, pos: Bytes, length: Bytes, begun: Steps<Errno>): Steps<Errno> {
  return faultBegun(inode, pos, length, yield* begun);
}

/** A reservation this mapping made and the operation did not use goes back (MAP-44); a fault keeps it (MAP-45). */
function end(
  inode: XfsInode,
  pos: Bytes,
  length: Bytes,
  written: Bytes,
  flags: OpFlags,
  iomap: Iomap,
  context: Context,
): Errno | Steps<Errno> {
  if ((flags & OpFlag.FAULT) !== 0) faultEnded(inode, pos);
  if (iomap.type !== MapType.DELALLOC || (iomap.flags & MapFlag.NEW) === 0) return 0;
  if ((flags & OpFlag.FAULT) !== 0 || written >= length) return 0;
  const { blockSize } = inode.fs;
  const from = written === 0 ? inode.blockDown(pos) * blockSize : inode.blockUp(pos + written) * blockSize;
  const to = inode.blockUp(pos + length) * blockSize;
  return from >= to ? 0 : giveBack(inode, from, to, flags, iomap, context);
}

/** A fault holds the lock of its folio, so no other began there. */
function faultEnded({ faults }: XfsInode, pos: Bytes): void {
  for (let i = 0; i < faults.length; i += 2)
    if (faults[i] === pos) {
      faults.splice(i, 2);
      return;
    }
}

/** Gives back what is not dirty of [from, to), whole blocks. */
function giveBack(
  inode: XfsInode,
  from: Bytes,
  to: Bytes,
  flags: OpFlags,
  iomap: Iomap,
  context: Context,
): Steps<Errno> {
  // MAP-46: what a SHARED mapping reserved lies in the copy-on-write fork.
  const fork = (iomap.flags & MapFlag.SHARED) !== 0 ? inode.cow : inode.data;
  const punch = (offset: Bytes, bytes: Bytes): void => {
    inode.platform.sink.emit(Ev.punch, inode.id, offset, bytes, fork === inode.cow ? 1 : 0);
    inode.lockMap(context.task, EXCLUSIVE);
    punchDelayed(inode, fork, inode.blockDown(offset), inode.blockUp(offset + bytes));
    inode.unlockMap(context.task);
  };
  return release(inode, context, from, to, punch, (flags & (OpFlag.ZERO | OpFlag.UNSHARE)) !== 0);
}

/** MAP-48: zeroing and unsharing hold L3 already. */
function* release(
  inode: XfsInode,
  context: Context,
  from: Bytes,
  to: Bytes,
  punch: (offset: Bytes, length: Bytes) => void,
  locked: boolean,
): Steps<Errno> {
  if (!locked) {
    if (context.task.stopsAt(Y['Y-BW10'])) yield Y['Y-BW10'];
    if (!inode.invalidateLock.tryAcquire(context.task, EXCLUSIVE))
      yield* acquire(inode.invalidateLock, context.task, EXCLUSIVE);
  }
  const scan = writeDelallocRelease(context, inode, from, to, punch);
  if (scan !== null) yield* scan;
  if (!locked) inode.invalidateLock.release(context.task);
  return 0;
}

export const xfsOps: MapOps = { begin, end, valid: isCurrent };
