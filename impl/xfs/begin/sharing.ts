/**
 * Blocks whose sharing ended in a transaction that is not durable yet are nobody else's, but a crash would give them back
 * to their other owner, with whatever was stored into them meanwhile (CR-13, CR-32). Whoever is about to map such blocks
 * for a store in place forces the log first, as whoever needs a block that was freed does.
 */
import {
  EAGAIN,
  EIO,
  type Errno,
  type FileBlock,
  Fork,
  type IomapOps,
  OpFlag,
  type Steps,
  type Task,
} from '../../../model/contract/index.js';
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

type Begin = IomapOps<XfsInode>['begin'];

/** Forces the log, then begins with the same arguments as if nothing had been. */
export function onceDurable(begin: Begin, ...args: Parameters<Begin>): Errno | Steps<Errno> {
  const [inode, , , flags, , , context] = args;
  return (flags & OpFlag.NOWAIT) !== 0 ? EAGAIN : forceAndBegin(inode, context.task, () => begin(...args));
}

function* forceAndBegin(inode: XfsInode, task: Task, begin: () => Errno | Steps<Errno>): Steps<Errno> {
  const { journal } = inode.fs;
  if ((yield* journal.force(journal.committed, task)) !== 0) return EIO;
  // While it waited the file system may have been shut down (CR-91).
  if (inode.fs.down) return EIO;
  const begun = begin();
  return typeof begun === 'number' ? begun : yield* begun;
}
