/**
 * The metadata of the XFS-like file system as they lie on the device: per file an inode core (on-disk size and flags) and
 * the real extents of the data fork. Delayed extents exist in memory only. Copy-on-write space is nobody's on the device,
 * so recovery frees it, as the reference does by its refcount records; reference counts and free space follow from the
 * extents of all files. A truncation is one transaction, so no file is ever left with work to finish (CR-14).
 */
import { type Bytes, type DeviceBlock, type FileBlock, type FileId, Fork } from '../../model/contract/index.js';
import type { ExtentFork } from '../extents/fork.js';
import type { ItemBuffer } from '../journal/items.js';
import type { JournalTransaction } from '../journal/transaction.js';
import type { XfsInode } from './inode.js';

/** Kinds of logged changes. */
const Change = {
  /** a: on-disk size, count: flags. */
  core: 1,
  /** a: first block, count: blocks, b: the device block and the state; a hole where nothing is. */
  extent: 2,
  /** a: block from which on extents move, b: by how many. */
  shift: 3,
} as const;

const Flag = { reflinked: 1, preallocated: 2 } as const;

const HOLE = -1;

function place(state: number, block: DeviceBlock): number {
  return state === Fork.hole ? HOLE : 2 * block + (state === Fork.written ? 1 : 0);
}

function flagsOf(inode: XfsInode): number {
  return (inode.reflinked ? Flag.reflinked : 0) | (inode.preallocated ? Flag.preallocated : 0);
}

export function logCore(transaction: JournalTransaction, inode: XfsInode): void {
  transaction.log(Change.core, inode.id, inode.dsize, flagsOf(inode), 0);
}

/** [first, end) of the data fork is in this state now; a delayed extent is a hole to the device. */
export function logExtent(
  transaction: JournalTransaction,
  file: FileId,
  first: FileBlock,
  end: FileBlock,
  state: number,
  block: DeviceBlock,
): void {
  transaction.log(Change.extent, file, first, end - first, place(state, block));
}

export function logShift(transaction: JournalTransaction, file: FileId, from: FileBlock, distance: number): void {
  transaction.log(Change.shift, file, from, 0, distance);
}

/** All that makes this file out of nothing. */
export function describeInode(inode: XfsInode, into: ItemBuffer): void {
  const { data, id } = inode;
  into.put(Change.core, id, inode.dsize, flagsOf(inode), 0);
  for (let i = 0; i < data.count; i++)
    if (data.state(i) !== Fork.delay)
      into.put(Change.extent, id, data.first(i), data.end(i) - data.first(i), place(data.state(i), data.block(i)));
}

/** What recovery finds of a file. */
export interface RecoveredInode {
  dsize: Bytes;
  reflinked: boolean;
  preallocated: boolean;
  readonly data: ExtentFork;
}

/** Does one logged change again. */
export function replay(inode: RecoveredInode, kind: number, a: number, count: number, b: number): void {
  const { data } = inode;
  if (kind === Change.core) {
    inode.dsize = a;
    inode.reflinked = (count & Flag.reflinked) !== 0;
    inode.preallocated = (count & Flag.preallocated) !== 0;
  } else if (kind === Change.extent) {
    if (b === HOLE) data.assign(a, a + count, Fork.hole, -1);
    else data.assign(a, a + count, b % 2 === 1 ? Fork.written : Fork.unwritten, Math.floor(b / 2));
  } else {
    data.split(a);
    data.shift(a, b);
  }
}
