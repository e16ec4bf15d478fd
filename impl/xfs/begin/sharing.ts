/**
 * Blocks whose sharing ended in a transaction that is not durable yet are nobody else's, but a crash would give them back
 * to their other owner, with whatever was stored into them meanwhile (CR-13, CR-32). Whoever is about to map such blocks
 * for a store in place forces the log first, as whoever needs a block that was freed does.
 */
import {
  type Bytes,
  EAGAIN,
  EIO,
  type Errno,
  type FileBlock,
  Fork,
  type Iomap,
  OpFlag,
  type OpFlags,
  type Steps,
} from '../../../model/contract/index.js';
import type { Context } from '../../library/index.js';
import type { XfsInode } from '../inode.js';

/** A block of [first, end) waits for the end of its sharing to be durable. */
export function sharingEnds(inode: XfsInode, first: FileBlock, end: FileBlock): boolean {
  const { space } = inode.fs;
  if (space.settled) return false;
  const { data } = inode;
  for (let i = data.find(first); i < data.count && data.first(i) < end; i++) {
    if (data.state(i) !== Fork.written) continue;
    const from = Math.max(first, data.first(i));
    if (space.endsSharing(data.blockAt(i, from), Math.min(end, data.end(i)) - from)) return true;
  }
  return false;
}

/** What begins: with the arguments of the callback. */
type Begin = (
  inode: XfsInode,
  pos: Bytes,
  length: Bytes,
  flags: OpFlags,
  iomap: Iomap,
  srcmap: Iomap,
  context: Context,
) => Errno | Steps<Errno>;

/** Forces the log, then begins as if nothing had been. */
export function onceDurable(
  begin: Begin,
  inode: XfsInode,
  pos: Bytes,
  length: Bytes,
  flags: OpFlags,
  iomap: Iomap,
  srcmap: Iomap,
  context: Context,
): Errno | Steps<Errno> {
  return (flags & OpFlag.NOWAIT) !== 0
    ? EAGAIN
    : forceAndBegin(inode, context, () => begin(inode, pos, length, flags, iomap, srcmap, context));
}

function* forceAndBegin(inode: XfsInode, context: Context, begin: () => Errno | Steps<Errno>): Steps<Errno> {
  const { journal } = inode.fs;
  if ((yield* journal.force(journal.committed, context.task)) !== 0) return EIO;
  // While it waited the file system may have been shut down (CR-91).
  if (inode.fs.down) return EIO;
  const begun = begin();
  return typeof begun === 'number' ? begun : yield* begun;
}
